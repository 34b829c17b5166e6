"""Texts that nobody would write, and what must hold for each: `make fuzz` looks for worse ones."""
