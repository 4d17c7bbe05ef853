"""Which actions of a command file need the user's consent, and the check before they run."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from typing import Any

from voiceassist.config.trust import ConsentNeededError, TrustStore, consent_request
from voiceassist.domain import ConsentRequest

AskConsent = Callable[[ConsentRequest], bool]
"""Asks the user at once; whether they agreed."""

_ALWAYS = {"program.run", "http.call"}
_TYPING = {"text.type", "keys.type"}
_IN_STEPS = _ALWAYS | _TYPING | {"keys.press"}


def consent_for(action: str, arguments: Mapping[str, Any]) -> ConsentRequest | None:
    """What the user has to agree to; ``None`` where nothing is asked.

    Asked about are programs, services of this machine, and texts that the file has typed: with Enter after it, a text
    in a terminal is a program, too. What is said may be typed without asking.
    """
    calls = _calls(action, arguments)
    needed = _ALWAYS if action != "steps" else _IN_STEPS
    if not any(name in needed or (name in _TYPING and "text" in given) for name, given in calls):
        return None
    return consent_request({"action": action, "arguments": arguments}, [_line(*call) for call in calls])


class ConsentGuard:
    """Holds an action back until the user has agreed to it.

    Args:
        trust: what was agreed to.
        ask: asks at once, as on a terminal; without it the action fails with the request, for a window to show.
    """

    def __init__(self, trust: TrustStore, ask: AskConsent | None = None) -> None:
        self._trust = trust
        self._ask = ask

    def __call__(self, action: str, arguments: Mapping[str, Any]) -> None:
        """Return where the action may be done.

        Raises:
            ConsentNeededError: the user has not agreed.
        """
        request = consent_for(action, arguments)
        if request is None or self._trust.is_agreed(request):
            return
        if self._ask is None or not self._ask(request):
            raise ConsentNeededError(request)
        self._trust.agree(request)


def _calls(action: str, arguments: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    steps = arguments.get("steps")
    if action != "steps" or not isinstance(steps, list):
        return [(action, arguments)]
    found = []
    for step in steps:
        given = step.get("arguments", {}) if isinstance(step, Mapping) else {}
        name = str(step.get("action", "")) if isinstance(step, Mapping) else ""
        found.append((name, given if isinstance(given, Mapping) else {}))
    return found


def _line(action: str, arguments: Mapping[str, Any]) -> str:
    """One call in words, nothing left out; a control character is shown as an escape."""
    if action == "program.run" and isinstance(arguments.get("argv"), list):
        line = "run " + shlex.join(str(part) for part in arguments["argv"])
        rest = {key: value for key, value in arguments.items() if key != "argv"}
    elif action == "http.call":
        line = f"call {arguments.get('method', 'GET')} {arguments.get('url')}"
        rest = {key: value for key, value in arguments.items() if key not in {"method", "url"}}
    else:
        line, rest = action, dict(arguments)
    line += "".join(f", {key}: {value!r}" for key, value in rest.items())
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in line)
