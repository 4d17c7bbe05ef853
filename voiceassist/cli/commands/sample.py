"""``voiceassist commands sample``."""

from __future__ import annotations

import argparse

from voiceassist.cli.assembly import Assembly
from voiceassist.cli.output import print_json
from voiceassist.errors import UsageError
from voiceassist.grammar.compiler.sampling import Sampler
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.language.yaml_nodes import suggestion


def sample(options: argparse.Namespace) -> int:
    """Draws random sentences. Each of them, typed, is understood as it says."""
    commands = Assembly().commands(options.commands)
    wanted = _known(commands, options.intent or [])
    for found in Sampler(commands, seed=options.seed).draw_many(options.count, wanted):
        print_json({"text": found.text, "intent": found.command.intent, "slots": found.slots})
    return 0


def _known(commands: CommandSet, names: list[str]) -> list[str]:
    for name in names:
        if name not in commands.intents:
            raise UsageError(f"there is no intent '{name}'", hint=suggestion(name, commands.intents))
    return names
