"""``voiceassist commands``: one module per subcommand, imported when it runs."""
