"""Compile the report: `python build.py --help`."""

from report.cli import app

if __name__ == "__main__":
    app(prog_name="build.py")
