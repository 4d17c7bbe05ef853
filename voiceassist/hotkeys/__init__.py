"""Global hotkeys: a key combination that works whichever window has the focus."""
