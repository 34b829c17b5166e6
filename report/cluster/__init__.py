"""More than one machine: units typeset by the workers of a Dask cluster."""
