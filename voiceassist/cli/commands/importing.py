"""``voiceassist commands import``."""

from __future__ import annotations

import argparse

from voiceassist.cli.assembly import Assembly
from voiceassist.cli.output import print_note, printable
from voiceassist.config.files import write_atomically
from voiceassist.errors import ConfigError, UsageError
from voiceassist.grammar.compiler.graph_builder import summarize
from voiceassist.grammar.importers.writer import command_file, load_text, read_grammar


def import_commands(options: argparse.Namespace) -> int:
    """Convert another program's grammar to a command file, and report what was lost."""
    output = options.output or Assembly().paths.user_commands / f"{options.source.stem}.yaml"
    if output.exists() and not options.force:
        raise UsageError(f"{output} already exists", hint="name another --output, or overwrite it with --force")
    imported = read_grammar(options.source)
    for note in imported.notes:
        print_note(note)
    text = command_file(imported, options.source.name)
    summary = summarize(load_text(text))
    try:
        write_atomically(output, text.encode())
    except OSError as error:
        raise ConfigError(f"{output} cannot be written: {error.strerror}", hint="name another --output") from error
    lost = f", {len(imported.notes)} notes" if imported.notes else ""
    print(f"{printable(output)}: {summary.intents} intents, {summary.sentences} ways to say them{lost}")
    return 0
