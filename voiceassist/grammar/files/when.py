"""Where an intent applies: ``when: {os: linux, app: [firefox, chromium]}``."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from voiceassist.grammar.language.yaml_nodes import YamlNode
from voiceassist.i18n import mark

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
    systems, apps = (
        (found.sequence(f"'{key}'") if found.is_sequence else [found]) if (found := keys.get(key)) else []
        for key in _KEYS
    )
    return When(
        tuple(entry.choice(mark("operating system"), SYSTEMS) for entry in systems),
        tuple(entry.text(mark("a name in 'app'")).strip() for entry in apps),
    )
