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
from voiceassist.grammar.files.file_cache import FileCache
from voiceassist.grammar.language.names import case_parts
from voiceassist.grammar.language.text_normalization import fragments, readings
from voiceassist.packs.manifest import PRONUNCIATIONS_NAME


def check(options: argparse.Namespace) -> int:
    """Check the files together, as they would be loaded; exit status 1 if one has an error."""
    assembly = Assembly()
    if options.say:
        return _say(assembly, options.say, options.model)
    chosen = options.files or assembly.command_files()
    cache = FileCache(assembly.trust.is_agreed)
    try:
        loaded = cache.read(_together(chosen, assembly), assembly.lists(), summarize)
    except GrammarError:
        _print_problems(cache.problems)
        return 1
    with closing(default_registry(print_note, rings=False)) as registry:
        wrong_actions = action_problems(loaded.commands, registry.specs())
    _print_problems([*loaded.problems, *wrong_actions])
    broken = {problem.file for problem in loaded.problems}
    for path in (path for path in chosen if str(path) not in broken):
        own = replace(loaded.commands.of_file(path), skip_words=())
        summary = summarize(own) if own.intents else None
        counts = f"{summary.intents} intents, {summary.sentences} ways to say them" if summary else ""
        print(f"{printable(path)}: {counts or 'no sentences of its own'}")
    pronunciations = _pronunciations(assembly, options.model)
    ambiguities = find_ambiguities(loaded.commands)
    alike = find_sound_alikes(loaded.commands, None if pronunciations is None else pronunciations.ways)
    doubtful = find_doubtful_sentences(loaded.commands)
    left_out = unspeakable_names(context_lists())
    for warning in (*left_out, *loaded.commands.warnings, *ambiguities, *alike, *doubtful):
        print_note(f"warning: {warning}")
    if len(ambiguities) == MAX_REPORTED:
        print_note("warning: there may be more sentences with two meanings; these come first")
    return 1 if loaded.problems or wrong_actions else 0


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
    for problem in problems:
        print_note(f"{problem.message}\n  hint: {problem.hint}")
