"""Opens the window, or shows the one that is open already. Qt is imported only for a window."""

from __future__ import annotations

import argparse
import time
from contextlib import closing
from importlib import import_module

from voiceassist.cli.output import print_error, print_note
from voiceassist.cli.remote import request_for
from voiceassist.errors import InstanceError, NotRunningError
from voiceassist.ipc.address import default_address
from voiceassist.ipc.client import ask
from voiceassist.ipc.instance import claim
from voiceassist.ipc.messages import Reply, Request, Verb

_TIMEOUT_S = 15.0
_RETRY_S = 0.1


def start(options: argparse.Namespace) -> int:
    """Opens the window (``--hidden``: only the tray icon). Where it is open already, that one is shown."""
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
        reply = _ask_when_it_listens(address, request_for(Verb.SHOW))
        print_note(f"voiceassist is running already: {reply.text}")
        return 0 if reply.ok else 1
    with closing(instance):
        options.instance = instance
        return _open_window(options)


def _open_window(options: argparse.Namespace) -> int:
    status: int = import_module("voiceassist.cli.window").open_window(options)
    return status


def _ask_when_it_listens(address: str, request: Request) -> Reply:
    """Retry the request: a program that was just started may still be importing."""
    give_up_at_s = time.monotonic() + _TIMEOUT_S
    while True:
        try:
            return ask(address, request)
        except NotRunningError:
            if time.monotonic() > give_up_at_s:
                raise
        time.sleep(_RETRY_S)
