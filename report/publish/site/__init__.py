"""The site: the report as a folder of pages, one for each unit, that can be searched."""
