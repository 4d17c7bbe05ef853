"""An X server of our own, which takes the next free display."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def x_server_process(size: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Starts Xvfb with a screen of ``WIDTHxHEIGHT`` pixels, and yields its display and its process.

    ``-noreset``: otherwise it starts anew, and drops who is connecting, whenever the last client goes.
    """
    assert shutil.which("Xvfb"), "Xvfb is needed"
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=(writer,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as answer:
            number = answer.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}", server
    finally:
        server.terminate()
        server.wait(timeout=60)
