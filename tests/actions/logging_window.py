"""A window of a program of its own, for tests: one colour, and a line on standard output for each thing it is told.

Arguments: its title, its class, its colour (``ff0000``) and its size (``300x200``). It tells ``shown``,
``button 4``, ``key 38`` and, before it ends, ``closed``.
"""

from __future__ import annotations

import os
import struct
import sys

import xcffib
import xcffib.xproto as xp


def main(title: str, name: str, colour: str, size: str) -> None:
    connection = xcffib.connect()
    screen = connection.get_setup().roots[connection.pref_screen]
    width, height = map(int, size.split("x"))
    window = connection.generate_id()
    mask = xp.EventMask.Exposure | xp.EventMask.ButtonPress | xp.EventMask.KeyPress
    core = connection.core
    core.CreateWindow(
        screen.root_depth, window, screen.root, 40, 30, width, height, 0, xp.WindowClass.InputOutput,
        screen.root_visual, xp.CW.BackPixel | xp.CW.EventMask, [int(colour, 16), mask],
    )  # fmt: skip

    def atom(text: str) -> int:
        return core.InternAtom(False, len(text), text).reply().atom

    def put(prop: str, kind: str, form: int, count: int, data: bytes) -> None:
        core.ChangeProperty(xp.PropMode.Replace, window, atom(prop), atom(kind), form, count, data)

    close = atom("WM_DELETE_WINDOW")
    shown = title.encode()
    put("_NET_WM_NAME", "UTF8_STRING", 8, len(shown), shown)
    put("WM_NAME", "STRING", 8, len(shown), shown)
    called = f"{name}\0{name.capitalize()}\0".encode()
    put("WM_CLASS", "STRING", 8, len(called), called)
    put("WM_PROTOCOLS", "ATOM", 32, 1, struct.pack("=I", close))
    put("_NET_WM_PID", "CARDINAL", 32, 1, struct.pack("=I", os.getpid()))
    core.MapWindow(window)
    connection.flush()
    told = ""
    while told != "closed":
        event = connection.wait_for_event()
        if isinstance(event, xp.ExposeEvent):
            told = "shown"
        elif isinstance(event, xp.ButtonPressEvent):
            told = f"button {event.detail}"
        elif isinstance(event, xp.KeyPressEvent):
            told = f"key {event.detail}"
        elif isinstance(event, xp.ClientMessageEvent) and event.data.data32[0] == close:
            told = "closed"
        else:
            continue
        sys.stdout.write(told + "\n")
        sys.stdout.flush()
    connection.disconnect()


if __name__ == "__main__":
    main(*sys.argv[1:])
