"""``voiceassist commands list`` and ``voiceassist commands sample``."""

from __future__ import annotations

import argparse

from voiceassist.cli.assembly import Assembly
from voiceassist.cli.output import print_json, table
from voiceassist.errors import UsageError
from voiceassist.grammar.compiler.canonical_example import canonical_sentence
from voiceassist.grammar.compiler.sampling import Sampler
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.language.mistakes import suggestion


def list_commands(options: argparse.Namespace) -> int:
    """List the intents with their action, file and an example."""
    commands = Assembly().commands(options.commands)
    if options.json:
        for intent, spec in commands.intents.items():
            print_json(
                {
                    "intent": intent,
                    "description": commands.descriptions.get(intent, ""),
                    "action": spec.action,
                    "arguments": spec.arguments,
                    "risk": str(spec.risk),
                    "example": canonical_sentence(commands, intent),
                    "sentences": [sentence.template.text for sentence in commands.sentences[intent]],
                    "files": _files(commands, intent),
                }
            )
    else:
        rows = [("intent", "action", "risk", "example", "file")]
        for intent, spec in commands.intents.items():
            example, files = canonical_sentence(commands, intent), ", ".join(_files(commands, intent))
            rows.append((intent, spec.action or "-", str(spec.risk), example, files))
        print(table(rows))
    return 0


def _files(commands: CommandSet, intent: str) -> list[str]:
    return list(dict.fromkeys(sentence.template.place.file for sentence in commands.sentences[intent]))


def sample(options: argparse.Namespace) -> int:
    """Prints random sentences with their meaning."""
    commands = Assembly().commands(options.commands)
    names = options.intent or []
    for name in names:
        if name not in commands.intents:
            raise UsageError(f"unknown intent '{name}'", hint=suggestion(name, commands.intents))
    for found in Sampler(commands, seed=options.seed).draw_many(options.count, names):
        print_json({"text": found.text, "intent": found.command.intent, "slots": found.slots})
    return 0
