"""``voiceassist commands import``."""

from __future__ import annotations

import argparse

from voiceassist.cli.assembly import Assembly
from voiceassist.cli.output import print_note, printable
from voiceassist.config.files import write_atomically
from voiceassist.errors import ConfigError, GrammarError, UsageError
from voiceassist.grammar.compiler.dag import GraphLimits
from voiceassist.grammar.compiler.graph_builder import summarize
from voiceassist.grammar.importers.writer import command_file, load_text, read_grammar

_LIMITS = GraphLimits(max_word_nodes=100_000)


def import_commands(options: argparse.Namespace) -> int:
    """Convert another program's grammar to a command file, and report what was lost."""
    output = options.output or Assembly().paths.user_commands / f"{options.source.stem}.yaml"
    if output.exists() and not options.force:
        raise UsageError(f"{output} already exists", hint="name another --output, or overwrite it with --force")
    imported = read_grammar(options.source)
    for note in imported.notes:
        print_note(note)
    text = command_file(imported, options.source.name)
    commands = load_text(text)
    try:
        counts = f", {summarize(commands, _LIMITS).sentences} ways to say them"
    except GrammarError:
        counts = ", too many ways to say them to be counted"
    try:
        write_atomically(output, text.encode())
    except OSError as error:
        raise ConfigError(f"{output} cannot be written: {error.strerror}", hint="name another --output") from error
    lost = f", {len(imported.notes)} notes" if imported.notes else ""
    print(f"{printable(output)}: {len(commands.intents)} intents{counts}{lost}")
    return 0
