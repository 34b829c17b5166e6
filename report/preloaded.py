"""What workers share: the typesetter, loaded once in the process that they fork from."""

import gc
import os

from report.environ import variable

# While modules are loaded, nothing becomes garbage.
gc.disable()
# WeasyPrint asks for each of its libraries by the names that it has on Windows and macOS too. Where
# a name is unknown, a C compiler and a linker are run, if there are any: they take half a second.
with variable("PATH", os.devnull):
    from report import press, workers  # noqa: F401
# What all workers share is not looked through for garbage, nor copied to be marked.
gc.freeze()
gc.enable()
