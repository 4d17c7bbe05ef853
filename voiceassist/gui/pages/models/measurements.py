"""What was measured on this machine, kept from one start to the next."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from voiceassist.bench.suite import PackMeasurement, Spread
from voiceassist.config.files import read_untrusted, write_atomically

_LOG = logging.getLogger(__name__)
_MAX_BYTES = 1 << 20
_SPREADS = ("load_ms", "private_mb", "private_10s_mb")


def load_measurements(file: Path) -> dict[str, PackMeasurement]:
    """What was kept; nothing where there is no file, or one that cannot be understood."""
    try:
        kept = json.loads(read_untrusted(file, _MAX_BYTES))
        return {name: _from_json(fields) for name, fields in kept.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        _LOG.warning("the measurements in %s are left out: %s", file, error)
        return {}


def keep_measurements(file: Path, measured: Mapping[str, PackMeasurement]) -> None:
    """Write what was measured. A file that cannot be written is only logged."""
    text = json.dumps({name: asdict(measurement) for name, measurement in measured.items()}, indent=1)
    try:
        write_atomically(file, text.encode())
    except OSError as error:
        _LOG.warning("the measurements cannot be kept in %s: %s", file, error)


def _from_json(fields: Mapping[str, Any]) -> PackMeasurement:
    values = dict(fields)
    for name in _SPREADS:
        values[name] = Spread(**values[name])
    values["latency_ms"] = {seconds: Spread(**spread) for seconds, spread in values["latency_ms"].items()}
    return PackMeasurement(**values)
