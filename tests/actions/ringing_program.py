"""A program that rings timers, for tests that kill it.

Arguments: the folder of its data, a file that gets a line for each ring, and seconds of a timer to set (0: none). It
says ``set`` once the timer is kept, then runs until it is ended.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from voiceassist.actions.clocks import SystemClocks
from voiceassist.actions.ringer import ring_message
from voiceassist.actions.schedule_store import Entry, ScheduleStore
from voiceassist.actions.scheduler import Scheduler


def main(folder: str, log: str, duration_s: float) -> None:
    def ring(entry: Entry, _late_s: float) -> None:
        handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, f"{ring_message(entry)}\n".encode())
        os.close(handle)

    scheduler = Scheduler(ScheduleStore(Path(folder) / "schedule.sqlite3"), SystemClocks(), ring)
    scheduler.start()
    if duration_s:
        scheduler.add_timer(duration_s, "killed")
    sys.stdout.write("set\n")
    sys.stdout.flush()
    time.sleep(60)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
