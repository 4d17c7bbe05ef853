"""Connections to the desktop session that actions and hotkeys share: D-Bus, its portal, and the X server."""

from voiceassist.native_libraries import find_libraries_by_soname

find_libraries_by_soname()
