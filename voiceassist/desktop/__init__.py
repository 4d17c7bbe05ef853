"""Connections to the desktop session that actions and hotkeys share: D-Bus, its portal, and the X server."""
