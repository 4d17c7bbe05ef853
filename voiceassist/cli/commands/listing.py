"""``voiceassist commands list`` and ``voiceassist commands sample``."""

from __future__ import annotations

import argparse

from voiceassist.cli.assembly import Assembly
from voiceassist.cli.output import print_json, table
from voiceassist.errors import UsageError
from voiceassist.grammar.compiler.canonical_example import canonical_sentence
from voiceassist.grammar.compiler.sampling import Sampler
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.language.yaml_nodes import suggestion


def list_commands(options: argparse.Namespace) -> int:
    """List the intents with their action, file and an example."""
    commands = Assembly().commands(options.commands)
    if options.json:
        for intent in commands.intents:
            spec = commands.intents[intent]
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
        print(
            table(
                [("intent", "action", "risk", "example", "file"), *(_row(commands, name) for name in commands.intents)]
            )
        )
    return 0


def _row(commands: CommandSet, intent: str) -> tuple[str, ...]:
    spec = commands.intents[intent]
    return (
        intent,
        spec.action or "-",
        str(spec.risk),
        canonical_sentence(commands, intent),
        ", ".join(_files(commands, intent)),
    )


def _files(commands: CommandSet, intent: str) -> list[str]:
    return list(dict.fromkeys(sentence.template.place.file for sentence in commands.sentences[intent]))


def sample(options: argparse.Namespace) -> int:
    """Draws random sentences. Each of them, typed, is understood as it says."""
    commands = Assembly().commands(options.commands)
    names = options.intent or []
    for name in names:
        if name not in commands.intents:
            raise UsageError(f"unknown intent '{name}'", hint=suggestion(name, commands.intents))
    wanted = names
    for found in Sampler(commands, seed=options.seed).draw_many(options.count, wanted):
        print_json({"text": found.text, "intent": found.command.intent, "slots": found.slots})
    return 0
