"""``voiceassist commands``."""

from __future__ import annotations

import argparse

from voiceassist.cli.assembly import Assembly
from voiceassist.cli.output import print_note
from voiceassist.errors import GrammarError
from voiceassist.grammar.loader import describe


def check(options: argparse.Namespace) -> int:
    """Checks each file on its own; 1 where one of them has a mistake."""
    assembly = Assembly()
    status = 0
    for file in options.files:
        try:
            summary = describe(assembly.commands([file]))
        except GrammarError as error:
            print_note(f"{error.message}\n  hint: {error.hint}")
            status = 1
        else:
            print(f"{file}: {summary.intents} intents, {summary.sentences} ways to say them")
    return status
