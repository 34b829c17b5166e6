"""Rapporteur compiles the comprehensive report of a symposium."""

__version__ = "0.1.0"
