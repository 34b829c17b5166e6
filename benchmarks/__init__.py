"""Side-by-side measurements of this compiler and its peers, on the same text in one run."""
