"""``voiceassist --toggle`` and the other requests to the running program.

Imports neither Qt nor numpy, so that a key binding responds at once.
"""

from __future__ import annotations

import argparse
import os

from voiceassist.cli.output import print_error
from voiceassist.errors import NotRunningError
from voiceassist.ipc.address import default_address
from voiceassist.ipc.client import ask
from voiceassist.ipc.messages import Request, Verb

NOT_RUNNING = 3
"""Exit status if no program is running."""


def ask_running(options: argparse.Namespace) -> int:
    """Sends a request and prints the result in one line. 1 if it failed, 3 if no program is running."""
    try:
        reply = ask(default_address(), request_for(Verb(options.remote)))
    except NotRunningError as error:
        print_error(error)
        return NOT_RUNNING
    print(reply.text, flush=True)
    return 0 if reply.ok else 1


def request_for(verb: Verb) -> Request:
    """A request, with the desktop's activation token if the launching process passed one."""
    activation = os.environ.get("XDG_ACTIVATION_TOKEN") or os.environ.get("DESKTOP_STARTUP_ID") or ""
    return Request(verb, activation)
