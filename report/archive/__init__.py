"""Many events compiled as one, and kept up to date."""
