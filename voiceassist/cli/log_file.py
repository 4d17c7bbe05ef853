"""The log file of the window: readable by its user only, limited in size, and without anything that was said."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

_MAX_BYTES = 500_000
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


@contextmanager
def log_to_file(path: Path) -> Iterator[None]:
    """Write warnings and errors to a file as well. If the file cannot be written, a warning is logged."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        handler = RotatingFileHandler(path, maxBytes=_MAX_BYTES, backupCount=1, encoding="utf-8", delay=True)
    except OSError as error:
        logging.getLogger(__name__).warning("there is no log file: %s", error)
        yield
        return
    handler.setFormatter(logging.Formatter(_FORMAT))
    handler.setLevel(logging.WARNING)
    handler.namer = lambda name: os.fspath(Path(name).with_suffix(".1"))
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()
