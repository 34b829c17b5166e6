"""`make gallery`: pictures of every kind of page in each language, for README and guides."""
