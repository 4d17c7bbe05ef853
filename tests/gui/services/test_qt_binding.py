"""Faults of the Qt binding that end the program, so that a release with one is found here and not by a user."""

from __future__ import annotations

import subprocess
import sys

# PySide6 6.12.0 gives a reference to True away with every emit. Before Python 3.12 the count then falls to zero and the
# interpreter aborts; from 3.12 on True is immortal, so that only a child process that survives can be asked for.
_EMIT_OFTEN = """
import sys
from PySide6.QtCore import QCoreApplication, QObject, Signal

class Sender(QObject):
    sent = Signal(float)

app = QCoreApplication([])
sender, received = Sender(), []
sender.sent.connect(received.append)
before = sys.getrefcount(True)
for number in range(20_000):
    sender.sent.emit(float(number))
assert received[-1] == 19_999.0 and len(received) == 20_000
print(before - sys.getrefcount(True))
"""


def test_emitting_a_signal_often_neither_aborts_nor_loses_references() -> None:
    child = subprocess.run(
        [sys.executable, "-c", _EMIT_OFTEN], check=False, capture_output=True, text=True, timeout=100
    )
    assert child.returncode == 0, child.stderr
    assert int(child.stdout) < 100


def test_the_sources_of_what_is_imported_are_not_read() -> None:
    program = (
        "import linecache, voiceassist.gui.app, voiceassist.cli.window_engine\n"
        "print(len([file for file in linecache.cache if file.endswith('.py')]))"
    )
    child = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=100)
    assert int(child.stdout) < 20
