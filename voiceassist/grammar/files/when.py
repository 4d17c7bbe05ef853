"""Where an intent applies: ``when: {os: linux, app: [firefox, chromium]}``."""

from __future__ import annotations

import sys
from collections.abc import Collection
from dataclasses import dataclass

from voiceassist.grammar.language.yaml_nodes import YamlNode, suggestion

SYSTEMS = ("linux", "windows", "macos")
_KEYS = ("os", "app")
_PLATFORMS = {"win32": "windows", "cygwin": "windows", "darwin": "macos"}


@dataclass(frozen=True, slots=True)
class When:
    """Where an intent applies; an empty tuple means everywhere.

    Attributes:
        systems: operating systems, of `SYSTEMS`.
        apps: applications whose window must be in front, by their own or their menu entry's name.
    """

    systems: tuple[str, ...] = ()
    apps: tuple[str, ...] = ()

    def includes(self, system: str) -> bool:
        """Whether the intent applies on an operating system."""
        return not self.systems or system in self.systems


def current_system(platform: str = sys.platform) -> str:
    """The name of this operating system in `SYSTEMS`; unknown ones count as Linux."""
    return _PLATFORMS.get(platform, "linux")


def read_when(item: YamlNode) -> When:
    """Read ``when:``.

    Raises:
        GrammarError: an unknown key or operating system.
    """
    item.data()  # refuses oversized values
    keys = item.mapping("'when'", _KEYS)
    return When(
        _names(keys["os"], "'os'", SYSTEMS) if "os" in keys else (),
        _names(keys["app"], "'app'") if "app" in keys else (),
    )


def _names(item: YamlNode, what: str, known: Collection[str] = ()) -> tuple[str, ...]:
    entries = item.sequence(what) if item.is_sequence else [item]
    names = []
    for entry in entries:
        name = entry.text(f"a name in {what}").strip()
        if known and name.lower() not in known:
            raise entry.error(f"unknown operating system '{name}'", suggestion(name.lower(), known))
        names.append(name.lower() if known else name)
    return tuple(names)
