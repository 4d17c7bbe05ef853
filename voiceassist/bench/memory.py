"""How much memory belongs to this process alone."""

from __future__ import annotations

import gc
import re
import sys
from pathlib import Path

import psutil

from voiceassist.asr.memory import release_free_memory


def private_bytes() -> int:
    """Memory that only this process holds and that cannot be dropped, after giving back what is free.

    On Linux these are the private dirty pages. Clean private pages are left out: they are program code that
    happens to be mapped by one process only, the same for every model, and would hide the difference. Elsewhere
    it is the unique set size.
    """
    gc.collect()
    release_free_memory()
    if sys.platform != "linux":
        return int(psutil.Process().memory_full_info().uss)
    text = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    kilobytes = re.findall(r"^Private_(?:Dirty|Hugetlb):\s+(\d+) kB$", text, re.MULTILINE)
    return 1024 * sum(map(int, kilobytes))
