"""``voiceassist --toggle`` and the other requests to the running program.

Imports neither Qt nor numpy, so that a key binding feels instant.
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
"""Exit status where nothing runs that could be asked."""


def ask_running(options: argparse.Namespace) -> int:
    """Asks, and says in one line what came of it. 1 where it could not be done, 3 where nothing runs."""
    try:
        reply = ask(default_address(), request_for(Verb(options.remote)))
    except NotRunningError as error:
        print_error(error)
        return NOT_RUNNING
    print(reply.text, flush=True)
    return 0 if reply.ok else 1


def request_for(verb: Verb) -> Request:
    """A request with the desktop's permission to take the focus, where whoever started us handed one down."""
    activation = os.environ.get("XDG_ACTIVATION_TOKEN") or os.environ.get("DESKTOP_STARTUP_ID") or ""
    return Request(verb, activation)
