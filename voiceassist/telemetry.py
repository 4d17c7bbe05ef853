"""Sets the environment of dependencies, mostly before they are imported: no telemetry, little memory.

onnxruntime 1.32 sends usage events unless ``ORT_DISABLE_TELEMETRY`` is set before its first import; a later call of
``disable_telemetry_events()`` comes after the first socket. The package's ``__init__`` therefore calls
`disable_telemetry`, so that every entry point (command line, window, frozen app, child processes, training) runs it
before any other module of the package.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

VARIABLE = "ORT_DISABLE_TELEMETRY"

_PRELOADED = "onnxruntime" in sys.modules and os.environ.get(VARIABLE) != "1"


def disable_telemetry() -> None:
    """Sets the variable for this process and its children."""
    os.environ[VARIABLE] = "1"


def spare_memory() -> None:
    """Lets NumPy's OpenBLAS start no threads, whose buffers take a hundred megabytes of address space.

    Nothing here multiplies large matrices with NumPy. It is read when NumPy is imported; what the user has set stays.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def is_telemetry_disabled() -> bool:
    """Whether the variable was set before onnxruntime was imported, and still is."""
    return not _PRELOADED and os.environ.get(VARIABLE) == "1"


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables of this process inside the block."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
