"""``http.call``: calls a service on this machine, and never another machine."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from voiceassist.action_spec import ActionOutcome, ArgumentProblem, Parameter, Risk, ValueKind
from voiceassist.actions.call import ActionCall
from voiceassist.actions.open_uri import percent_encoded
from voiceassist.actions.output import DONE, OUTPUTS, OutputHandler
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.slot_templates import fill, fill_all, placeholders
from voiceassist.errors import ActionError, reason_of
from voiceassist.i18n import mark

METHODS = ("GET", "POST", "PUT", "DELETE")
TIME_LIMIT_S = 10.0
MAX_ANSWER_BYTES = 1024 * 1024

PARAMETERS = (
    Parameter("url", template=True, description="http:// and an address of this machine, such as localhost:8123"),
    Parameter("method", required=False, choices=METHODS, description="GET by default, POST with json"),
    Parameter("json", ValueKind.ANY, required=False, template=True, description="sent as JSON"),
    Parameter("headers", ValueKind.MAPPING, required=False, description="names and values"),
    Parameter("output", required=False, choices=OUTPUTS, description="what to do with the answer; nothing by default"),
    DONE,
)


class HttpActions:
    """``http.call``."""

    def __init__(self, registry: ActionRegistry, output: OutputHandler) -> None:
        self._output = output
        registry.register(
            "http.call",
            self.call,
            *PARAMETERS,
            risk=Risk.CHANGES,
            needs="the service on this machine, and your consent",
            timeout_s=TIME_LIMIT_S + 5.0,
            problems=http_problems,
        )

    def call(self, call: ActionCall) -> ActionOutcome:
        """Calls a service on this machine over HTTP; other machines are refused, redirections are not followed."""
        import http.client  # noqa: PLC0415 - it brings encryption and mail along, and few commands need it

        host, port, path = local_address(call.arguments.get("url"), call.definite_slots)
        method, body, headers = _request(call)
        connection = http.client.HTTPConnection(host, port, timeout=TIME_LIMIT_S)
        try:
            connection.request(method, path, body, headers)
            with connection.getresponse() as answer:
                text = answer.read(MAX_ANSWER_BYTES).decode("utf-8", "replace")
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise ActionError(
                f"the service at {host}:{port} does not answer: {reason_of(error)}", hint="start it, or correct the url"
            ) from error
        finally:
            connection.close()
        if not 200 <= answer.status < 300:
            raise ActionError(
                f"the service at {host}:{port} answered {answer.status} {answer.reason}", hint="check the service's log"
            )
        return self._output.handle(call, text, "nothing", mark("Done."))


def http_problems(arguments: Mapping[str, Any]) -> Iterator[ArgumentProblem]:
    """A URL of another machine."""
    try:
        local_address(arguments.get("url"), {})
    except ActionError as error:
        yield ArgumentProblem("url", error.message, error.hint)


def _request(call: ActionCall) -> tuple[str, bytes | None, dict[str, str]]:
    """The method, body and headers of a call.

    Raises:
        ActionError: one of them is invalid.
    """
    arguments, body = call.arguments, None
    headers: dict[str, str] = {}
    if "json" in arguments:
        # YAML has dates, JSON has none: they are sent as text.
        body = json.dumps(fill_all(arguments["json"], call.definite_slots), default=str).encode()
        headers["Content-Type"] = "application/json"
    method = str(arguments.get("method", "GET" if body is None else "POST")).upper()
    if method not in METHODS:
        raise ActionError(f"http.call has no method {method}", hint="use one of " + ", ".join(METHODS))
    given = arguments.get("headers", {})
    if not isinstance(given, Mapping):
        raise ActionError("http.call needs names and values as headers", hint="correct the command file")
    return method, body, headers | {str(name): str(value) for name, value in given.items()}


def local_address(url: Any, slots: Mapping[str, Any]) -> tuple[str, int, str]:
    """Host, port and path of a URL on this machine. Slots are percent-encoded, and only replaced after the host.

    Raises:
        ActionError: it names another machine, or is not a URL.
    """
    wrong = ActionError(
        "http.call only reaches this machine", hint="use a url such as http://localhost:8123/api/{slot}"
    )
    if not isinstance(url, str):
        raise wrong
    try:
        parts = urlsplit(url)
        port = parts.port or 80
    except ValueError as error:
        raise wrong from error
    host = parts.hostname or ""
    if parts.scheme != "http" or placeholders(parts.netloc) or "@" in parts.netloc or not is_this_machine(host):
        raise wrong
    path = fill(parts.path or "/", slots, percent_encoded)
    query = fill(parts.query, slots, percent_encoded)
    # The name is not resolved: whatever the hosts file says, the call stays on this machine.
    return "127.0.0.1" if host == "localhost" else host, port, f"{path}?{query}" if query else path


def is_this_machine(host: str) -> bool:
    """Whether a host is the loopback interface."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
