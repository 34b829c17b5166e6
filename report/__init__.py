"""Rapporteur compiles the comprehensive report of a symposium."""

import os

# Records are valid by their own types alone: no plugin is looked for in every package there is.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

__version__ = "0.1.0"
