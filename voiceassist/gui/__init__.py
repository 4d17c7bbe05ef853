"""The window: pages, tray and the bridge that brings the engine's events to the main thread."""
