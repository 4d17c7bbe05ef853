"""The window itself, the tray icon, the hotkeys, and requests from other processes."""
