"""Which actions of a command file need the user's consent, and the check before they run."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from typing import Any

from voiceassist.action_spec import ConsentRequest
from voiceassist.config.trust import ConsentNeededError, TrustStore, consent_request

AskConsent = Callable[[ConsentRequest], bool]
"""Asks the user at once, and returns whether they agreed."""

_ALWAYS = {"program.run", "http.call"}
_TYPING = {"text.type", "keys.type"}
_IN_STEPS = _ALWAYS | _TYPING | {"keys.press"}


def consent_for(action: str, arguments: Mapping[str, Any]) -> ConsentRequest | None:
    """What the user has to agree to; ``None`` if no consent is needed.

    It is needed for programs, for services on this machine, and for texts of the command file that are typed: in a
    terminal, a text followed by Enter is a program, too. Dictated text is typed without asking.
    """
    steps = arguments.get("steps") if action == "steps" else None
    entries = steps if isinstance(steps, list) else [{"action": action, "arguments": arguments}]
    calls = []
    for entry in entries:
        step = entry if isinstance(entry, Mapping) else {}
        given = step.get("arguments")
        calls.append((str(step.get("action", "")), given if isinstance(given, Mapping) else {}, step.get("when")))
    needed = _ALWAYS if action != "steps" else _IN_STEPS
    if not any(name in needed or (name in _TYPING and "text" in given) for name, given, _when in calls):
        return None
    return consent_request({"action": action, "arguments": arguments}, [_describe(*call) for call in calls])


class ConsentGuard:
    """Prevents an action until the user has agreed to it.

    Args:
        trust: the consents.
        ask: asks at once, as on a terminal; without it the action fails with the request, which the window shows.
    """

    def __init__(self, trust: TrustStore, ask: AskConsent | None = None) -> None:
        self._trust = trust
        self._ask = ask

    def __call__(self, action: str, arguments: Mapping[str, Any]) -> None:
        """Return if the action may be carried out.

        Raises:
            ConsentNeededError: the user has not agreed.
        """
        request = consent_for(action, arguments)
        if request is None or self._trust.is_agreed(request):
            return
        if self._ask is None or not self._ask(request):
            raise ConsentNeededError(request)
        self._trust.agree(request)


def _describe(action: str, arguments: Mapping[str, Any], when: object) -> str:
    """A call in words, with all its arguments and its conditions; control characters are escaped."""
    if action == "program.run" and isinstance(arguments.get("argv"), list):
        line = "run " + shlex.join(str(part) for part in arguments["argv"])
        rest = {key: value for key, value in arguments.items() if key != "argv"}
    elif action == "http.call":
        line = f"call {arguments.get('method', 'GET')} {arguments.get('url')}"
        rest = {key: value for key, value in arguments.items() if key not in {"method", "url"}}
    else:
        line, rest = action, dict(arguments)
    rest |= {"only when": when} if when else {}
    line += "".join(f", {key}: {value!r}" for key, value in rest.items())
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in line)
