"""Private memory of this process."""

from __future__ import annotations

import gc
import re
import sys
from pathlib import Path

import psutil

from voiceassist.asr.memory import release_free_memory


def private_bytes() -> int:
    """Private memory that the kernel cannot reclaim, in bytes, after returning free heap memory.

    On Linux these are the private dirty pages. Clean private pages are excluded: they are program code that only one
    process happens to map, are the same for every model, and would hide the difference. On other systems it is the
    unique set size.
    """
    gc.collect()
    release_free_memory()
    if sys.platform != "linux":
        return int(psutil.Process().memory_full_info().uss)
    text = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    kilobytes = re.findall(r"^Private_(?:Dirty|Hugetlb):\s+(\d+) kB$", text, re.MULTILINE)
    return 1024 * sum(map(int, kilobytes))
