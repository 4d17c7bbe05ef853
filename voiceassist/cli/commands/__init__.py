"""``voiceassist commands``: one module a subcommand, imported when it runs."""
