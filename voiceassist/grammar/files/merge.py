"""Merges command files into one set of commands.

Where two files define the same sentence, the later file takes precedence; within a file, the earlier definition. The
user's files come after those of the program. A file's own rules apply to its own sentences; lists of the same name are
joined. ``disabled`` removes intents of earlier files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from voiceassist.domain import CommandSpec
from voiceassist.errors import GrammarError
from voiceassist.grammar.files.action_calls import STEPS_ACTION, ActionSource
from voiceassist.grammar.files.checks import SentenceChecker, repeated_slot
from voiceassist.grammar.files.command_file import (
    MAX_SENTENCES,
    CommandFile,
    IntentHead,
    SentenceBlock,
    read_command_file,
)
from voiceassist.grammar.files.command_set import CommandSet, Scope, SentenceSpec
from voiceassist.grammar.files.context import ContextFilter
from voiceassist.grammar.files.program_lists import Programs
from voiceassist.grammar.files.when import When, current_system
from voiceassist.grammar.language.mistakes import MAX_MISTAKES, suggestion
from voiceassist.grammar.language.yaml_nodes import SourcePosition
from voiceassist.grammar.values.lists import AnyList, TextList, builtin_lists, join_lists
from voiceassist.i18n import mark

_HOUSE_LISTS = ("name", "area", "floor")
"""Lists that hassil's files use and a house fills: empty here until a file gives them values."""
_NO_VALUES = TextList(())


def load_commands(
    files: Sequence[Path], *, lists: Mapping[str, AnyList] | None = None, programs: Programs | None = None
) -> CommandSet:
    """Read command files and merge them.

    Args:
        files: the command files; later ones take precedence.
        lists: lists from outside, such as the installed applications; a file's own list of that name replaces one.
        programs: runs list programs; pass the same object again to keep their last good values.

    Raises:
        GrammarError: the message is ``file:line:column: what is wrong``.
    """
    return join_files([read_command_file(file) for file in files], lists=lists, programs=programs)


def join_files(
    files: Sequence[CommandFile],
    *,
    lists: Mapping[str, AnyList] | None = None,
    programs: Programs | None = None,
    system: str | None = None,
) -> CommandSet:
    """Merge files that were read, and check the result.

    Args:
        files: the command files; later ones take precedence.
        lists: lists from outside.
        programs: runs list programs; their failures become warnings.
        system: the operating system; intents for others are checked and dropped. By default this one.

    Raises:
        GrammarError: the message is ``file:line:column: what is wrong``; its ``file`` is the one to fix.
    """
    programs = programs or Programs()
    filled = programs.fill(files)
    house: dict[str, AnyList] = dict.fromkeys(_HOUSE_LISTS, _NO_VALUES)
    joiner = _Joiner(filled, {**house, **builtin_lists(), **(lists or {})})
    for rank, file in enumerate(filled):
        joiner.add(rank, file)
    joined = joiner.finish()
    here = [name for name in joined.intents if joined.when.get(name, When()).includes(system or current_system())]
    warnings = (*joined.warnings, *(error.message for error in programs.problems))
    return replace(joined.only(here), warnings=warnings)


class _Joiner:
    def __init__(self, files: Sequence[CommandFile], given_lists: Mapping[str, AnyList]) -> None:
        self._files = files
        rules = {name: rule for file in files for name, rule in file.rules.items()}
        lists: dict[str, AnyList] = {}
        for name, found in (item for file in files for item in file.lists.items()):
            join_lists(lists, name, found)
        self._scope = Scope({**given_lists, **lists}, rules)
        self._specs: dict[str, CommandSpec] = {}
        self._sentences: dict[str, list[SentenceSpec]] = {}
        self._when: dict[str, When] = {}
        self._descriptions: dict[str, str] = {}
        self._action_sources: dict[str, ActionSource] = {}
        self._warnings: list[str] = []
        self._contexts = ContextFilter()
        self._count = 0

    def add(self, rank: int, file: CommandFile) -> None:
        self._count += file.templates
        if self._count > MAX_SENTENCES:
            what = mark("with this file there are more than {count} sentences", count=MAX_SENTENCES)
            raise SourcePosition(str(file.path), 1, 1).error(
                what, mark("use lists and rules instead of single sentences")
            )
        for name, place in file.disabled.items():
            if name not in self._specs:
                hint = suggestion(name, self._specs)
                self._warnings.append(f"{place}: '{name}' is disabled, but no file before this one has it: {hint}")
            for found in (self._specs, self._sentences, self._when, self._descriptions, self._action_sources):
                found.pop(name, None)
        for head in file.heads:
            self._add_head(head)
        self._warnings += file.notes
        overridden = {name: rule for name, rule in file.rules.items() if self._scope.rules[name] is not rule}
        scope = self._scope.inner({}, overridden)
        for block in file.blocks:
            self._sentences[block.intent] += self._sentences_of(block, scope, rank)

    def finish(self) -> CommandSet:
        if not any(self._sentences.values()) and not any(file.lists or file.rules for file in self._files):
            file = str(self._files[-1].path) if self._files else "no file"
            raise SourcePosition(file, 1, 1).error(
                mark("there are no intents"), mark("add 'intents:' with a first intent below it")
            )
        checker = SentenceChecker()
        self._check(checker)
        for name in checker.used_lists:
            if self._scope.lists.get(name) is _NO_VALUES:
                self._warnings.append(
                    f"the list '{name}' has no values, so no sentence with it can be said: "
                    f"add 'lists: {{{name}: {{values: [...]}}}}' to one of your files"
                )
        return CommandSet(
            self._specs,
            {intent: tuple(found) for intent, found in self._sentences.items()},
            self._scope.lists,
            self._scope.rules,
            tuple(dict.fromkeys(phrase for file in self._files for phrase in file.skip_words)),
            self._when,
            self._descriptions,
            tuple(self._warnings),
            self._action_sources,
            frozenset(block.intent for file in self._files if file.decimal_comma for block in file.blocks),
        )

    def _check(self, checker: SentenceChecker) -> None:
        """Check all sentences up to a number of mistakes in each file."""
        errors: dict[str, list[GrammarError]] = {}
        for sentence in (sentence for sentences in self._sentences.values() for sentence in sentences):
            if len(errors.get(sentence.template.place.file, ())) < MAX_MISTAKES:
                try:
                    checker.check(sentence)
                    if (slot := repeated_slot(sentence)) is not None:
                        self._warnings.append(
                            f"{sentence.template.place}: this sentence fills the slot '{slot}' twice, and only the "
                            f"last value is kept: give one of them another name, as in '{{{slot}:second_{slot}}}'"
                        )
                except GrammarError as error:
                    found = errors.setdefault(error.file or sentence.template.place.file, [])
                    found += [error] if len(found) < MAX_MISTAKES else []
        if errors:
            for found in errors.values():
                different = {error.message: error for error in found}.values()
                found[0].more = tuple(error for error in different if error.message != found[0].message)
            first, *others = (found[0] for found in errors.values())
            first.others = tuple(others)
            raise first

    def _sentences_of(self, block: SentenceBlock, scope: Scope, rank: int) -> list[SentenceSpec]:
        """The sentences of a block; those whose context nothing provides are left out with a warning."""
        inner = scope.inner(block.lists, block.rules)
        sentences = [SentenceSpec(template, inner, block.slots, rank) for template in block.templates]
        if not block.context:
            return sentences
        applied = [(sentence, self._contexts.apply(sentence, block.context)) for sentence in sentences]
        unmet = [(sentence, found) for sentence, found in applied if isinstance(found, str)]
        if unmet:
            (first, key), count = unmet[0], len(unmet)
            what = "this sentence was" if count == 1 else f"{count} sentences from here on were"
            need, its = ("it needs", "its") if count == 1 else ("they need", "their")
            self._warnings.append(
                f"{first.template.place}: {what} left out: {need} the context '{key}', "
                f"which no value of {its} lists has ('context: {{{key}: ...}}')"
            )
        return [one for _, found in applied if not isinstance(found, str) for one in found]

    def _add_head(self, head: IntentHead) -> None:
        """Add what is said of an intent besides its sentences; a later file extends or overrides an earlier one."""
        before = self._specs.get(head.name, CommandSpec(head.name))
        if head.action is not None and head.action != before.action and STEPS_ACTION in (head.action, before.action):
            before = replace(before, arguments={})  # the steps of an earlier file are no arguments of another action
        self._specs[head.name] = replace(
            before,
            action=before.action if head.action is None else head.action,
            arguments=before.arguments if head.arguments is None else head.arguments,
            risk=before.risk if head.risk is None else head.risk,
            apps=before.apps if head.when is None else head.when.apps,
            subject=before.subject if head.subject is None else head.subject,
        )
        self._sentences.setdefault(head.name, [])
        if head.action_source is not None:
            source, earlier = head.action_source, self._action_sources.get(head.name)
            if head.action is None and earlier is not None:
                source = replace(earlier, arguments=source.arguments)
            self._action_sources[head.name] = source
        if head.when is not None:
            self._when[head.name] = head.when
        if head.description is not None:
            self._descriptions[head.name] = head.description
