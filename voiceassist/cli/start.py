"""Opens the window or shows the one that is open, and sends ``--toggle`` and other requests to the running program.

Qt is imported only for a window, and numpy not at all, so that a key binding responds at once.
"""

from __future__ import annotations

import argparse
import os
import time
from contextlib import closing
from importlib import import_module

from voiceassist.cli.output import print_error, print_note
from voiceassist.errors import InstanceError, NotRunningError
from voiceassist.ipc.address import default_address
from voiceassist.ipc.client import ask
from voiceassist.ipc.instance import claim
from voiceassist.ipc.messages import Request, Verb

NOT_RUNNING = 3
"""Exit status if no program is running."""

_TIMEOUT_S = 15.0
_RETRY_S = 0.1


def start(options: argparse.Namespace) -> int:
    """Opens the window (``--hidden``: only the tray icon), or shows the one that is open already."""
    if options.smoke_test:
        return _open_window(options)
    address = default_address()
    try:
        instance = claim(address)
    except InstanceError as error:
        print_error(error)  # the window works without it; only --toggle and similar requests do not
        return _open_window(options)
    if instance is None:
        if options.hidden:
            print_note("voiceassist is running already")
            return 0
        reply, give_up_at_s = None, time.monotonic() + _TIMEOUT_S
        while reply is None:
            try:
                reply = ask(address, _request(Verb.SHOW))
            except NotRunningError:  # a program that was just started may still be importing
                if time.monotonic() > give_up_at_s:
                    raise
                time.sleep(_RETRY_S)
        print_note(f"voiceassist is running already: {reply.text}")
        return 0 if reply.ok else 1
    with closing(instance):
        options.instance = instance
        return _open_window(options)


def ask_running(options: argparse.Namespace) -> int:
    """Sends a request and prints the result in one line. 1 if it failed, 3 if no program is running."""
    try:
        reply = ask(default_address(), _request(Verb(options.remote)))
    except NotRunningError as error:
        print_error(error)
        return NOT_RUNNING
    print(reply.text, flush=True)
    return 0 if reply.ok else 1


def _request(verb: Verb) -> Request:
    """A request, with the desktop's activation token if the launching process passed one."""
    activation = os.environ.get("XDG_ACTIVATION_TOKEN") or os.environ.get("DESKTOP_STARTUP_ID") or ""
    return Request(verb, activation)


def _open_window(options: argparse.Namespace) -> int:
    status: int = import_module("voiceassist.cli.window").open_window(options)
    return status
