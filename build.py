"""Compile the report: `python build.py --help`."""

if __name__ == "__main__":
    # Workers import this module, and need nothing of the commands.
    from report.cli import app

    app(prog_name="build.py")
