"""``voiceassist commands check``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from voiceassist.actions.builtin import default_registry
from voiceassist.actions.context import context_lists
from voiceassist.asr.pronunciation import Pronunciations
from voiceassist.cli.assembly import Assembly, unspeakable_names
from voiceassist.cli.output import print_note, printable
from voiceassist.errors import GrammarError, PackError
from voiceassist.grammar.compiler.ambiguity import MAX_REPORTED, find_ambiguities
from voiceassist.grammar.compiler.doubtful_sentences import find_doubtful_sentences
from voiceassist.grammar.compiler.graph_builder import summarize
from voiceassist.grammar.compiler.sound_alikes import find_sound_alikes
from voiceassist.grammar.files.action_checks import action_problems
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.files.file_cache import FileCache
from voiceassist.grammar.language.names import case_parts
from voiceassist.grammar.language.text_normalization import fragments, readings
from voiceassist.grammar.values.lists import TextList
from voiceassist.packs.manifest import PRONUNCIATIONS_NAME

MAX_SEARCHED = 10_000
"""Doubts are looked for in at most so many sentences and values: the search takes longer than reading them."""


def check(options: argparse.Namespace) -> int:
    """Check the files together, as they would be loaded; exit status 1 if one has an error."""
    assembly = Assembly()
    if options.say:
        return _say(assembly, options.say, options.model)
    chosen = options.files or assembly.command_files()
    cache = FileCache(assembly.trust.is_agreed)
    try:
        files = _together(chosen, assembly)
        loaded = cache.read(files, assembly.lists(), summarize)
    except GrammarError:
        _print_problems(cache.problems)
        return 1
    with closing(default_registry(print_note, rings=False)) as registry:
        wrong_actions = action_problems(loaded.commands, registry.specs())
    _print_problems([*loaded.problems, *wrong_actions])
    broken = {one.file for problem in loaded.problems for one in (problem, *problem.others)}
    alone = len(files) == 1 and not loaded.commands.skip_words
    for path in (path for path in chosen if str(path) not in broken):
        own = replace(loaded.commands.of_file(path), skip_words=())
        summary = None if not own.intents else loaded.product if alone else summarize(own)
        counts = f"{summary.intents} intents, {summary.sentences} ways to say them" if summary else ""
        print(f"{printable(path)}: {counts or 'no sentences of its own'}")
    for warning in (*unspeakable_names(context_lists()), *loaded.commands.warnings):
        print_note(f"warning: {warning}")
    if _size(loaded.commands) <= MAX_SEARCHED:
        _print_doubts(loaded.commands, _pronunciations(assembly, options.model))
    else:
        print_note(
            f"warning: with more than {MAX_SEARCHED} sentences and values, those that are doubled, doubtful or sound "
            "alike are not looked for; check fewer files at once"
        )
    return 1 if loaded.problems or wrong_actions else 0


def _size(commands: CommandSet) -> int:
    lists = (found for found in commands.lists.values() if isinstance(found, TextList))
    return sum(map(len, commands.sentences.values())) + sum(len(found.values) for found in lists)


def _print_doubts(commands: CommandSet, pronunciations: Pronunciations | None) -> None:
    ambiguities = find_ambiguities(commands)
    alike = find_sound_alikes(commands, None if pronunciations is None else pronunciations.ways)
    for warning in (*ambiguities, *alike, *find_doubtful_sentences(commands)):
        print_note(f"warning: {warning}")
    if len(ambiguities) == MAX_REPORTED:
        print_note("warning: there may be more sentences with two meanings; these come first")


def _pronunciations(assembly: Assembly, model: str | None) -> Pronunciations | None:
    """The model's pronunciations; ``None`` without a model, since files can be checked without one."""
    try:
        pack = assembly.packs.get(model or assembly.settings.model)
        return Pronunciations(pack.read(PRONUNCIATIONS_NAME), pack.manifest.phones)
    except PackError as error:
        print_note(f"warning: without a model, only equal words are known to sound alike: {error.message}")
        return None


def _say(assembly: Assembly, texts: Sequence[str], model: str | None) -> int:
    """Print the pronunciation of texts: their words, and the phones of every variant of each."""
    pack = assembly.packs.get(model or assembly.settings.model)
    pronunciations = Pronunciations(pack.read(PRONUNCIATIONS_NAME), pack.manifest.phones)
    for text in texts:
        spoken = list(filter(None, readings(text)))
        print(f"{text}: {', or '.join(spoken) or 'nothing that can be spoken'}")
        parts = [case_parts(part) for part in fragments(text) if part != part.lower()]
        for word in dict.fromkeys([*" ".join(spoken).split(), *(part for several in parts for part in several)]):
            ways = (" ".join(pack.manifest.phones[phone] for phone in way) for way in pronunciations.ways(word))
            print(f"  {word}: {' or '.join(ways)}")
    return 0


def _together(chosen: Sequence[Path], assembly: Assembly) -> list[Path]:
    """The files to load: a file that is in use together with all others in use, any other file alone."""
    in_use = assembly.command_files()
    used = {path.resolve() for path in in_use}
    if not any(path.resolve() in used for path in chosen):
        return list(dict.fromkeys(chosen))
    named = {path.resolve(): path for path in chosen}
    return list(dict.fromkeys([*(named.get(path.resolve(), path) for path in in_use), *chosen]))


def _print_problems(problems: Sequence[GrammarError]) -> None:
    for problem in (one for first in problems for one in first.mistakes):
        print_note(f"{problem.message}\n  hint: {problem.hint}")
