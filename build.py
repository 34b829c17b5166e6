"""Compile the report: `python build.py --help`."""

if __name__ == "__main__":
    import gc
    import sys

    # While modules are loaded, nothing becomes garbage.
    gc.disable()
    try:
        from report import patterns

        kept = patterns.install("patterns")
        # Workers import this module, and need nothing of the commands.
        from report.cli import main

        gc.enable()
        try:
            main("build.py")
        finally:
            kept.keep()
    except KeyboardInterrupt:
        sys.exit(130)
