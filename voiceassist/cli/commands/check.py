"""``voiceassist commands check``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from voiceassist.actions.builtin import default_registry
from voiceassist.cli.assembly import Assembly
from voiceassist.cli.output import print_note
from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.ambiguity import MAX_REPORTED, find_ambiguities
from voiceassist.grammar.compiler.graph_builder import summarize
from voiceassist.grammar.files.action_checks import action_problems
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.files.file_cache import FileCache


def check(options: argparse.Namespace) -> int:
    """Check the files together, as they would be used; exit status 1 if one has an error."""
    assembly = Assembly()
    chosen = options.files or assembly.command_files()
    cache = FileCache(assembly.trust.is_agreed)
    try:
        loaded = cache.read(_together(chosen, assembly), assembly.lists(), summarize)
    except GrammarError:
        _print_problems(cache.problems)
        return 1
    with closing(default_registry(print_note)) as registry:
        wrong_actions = action_problems(loaded.commands, registry.specs())
    _print_problems([*loaded.problems, *wrong_actions])
    broken = {problem.file for problem in loaded.problems}
    for path in chosen:
        if str(path) not in broken:
            summary = summarize(replace(loaded.commands.of_file(path), skip_words=()))
            print(f"{path}: {summary.intents} intents, {summary.sentences} ways to say them")
    _print_warnings(loaded.commands)
    return 1 if loaded.problems or wrong_actions else 0


def _together(chosen: Sequence[Path], assembly: Assembly) -> list[Path]:
    """The files to load: a file that is in use together with all others in use, any other file alone."""
    in_use = assembly.command_files()
    used = {path.resolve() for path in in_use}
    if not any(path.resolve() in used for path in chosen):
        return list(dict.fromkeys(chosen))
    named = {path.resolve(): path for path in chosen}
    return list(dict.fromkeys([*(named.get(path.resolve(), path) for path in in_use), *chosen]))


def _print_problems(problems: Sequence[GrammarError]) -> None:
    for problem in problems:
        print_note(f"{problem.message}\n  hint: {problem.hint}")


def _print_warnings(commands: CommandSet) -> None:
    ambiguities = find_ambiguities(commands)
    for warning in (*commands.warnings, *ambiguities):
        print_note(f"warning: {warning}")
    if len(ambiguities) == MAX_REPORTED:
        print_note("warning: there may be more sentences with two meanings; these come first")
