"""Finds list values that are pronounced alike but have different outputs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hassil.expression import TextChunk

from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.phone_arcs import Pronounce
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.language.templates import Template
from voiceassist.grammar.language.text_normalization import normalize
from voiceassist.grammar.values.lists import TextList, TextValue

MAX_REPORTED = 20

_Sound = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class SoundAlike:
    """Two values of a list with the same pronunciation.

    Attributes:
        list_name: the list.
        first: the value that is recognized.
        second: the value that is never recognized.
    """

    list_name: str
    first: TextValue
    second: TextValue

    def __str__(self) -> str:
        one, two = self.first.template.text, self.second.template.text
        same = f"'{two}' is there twice" if one == two else f"'{two}' sounds like '{one}'"
        return (
            f"{self.second.template.place}: {same} in the list '{self.list_name}': it always means "
            f"{_shown(self.first)}, never {_shown(self.second)}; give it another name, or tell with 'sounds_like:' "
            "how it is said"
        )


def find_sound_alikes(commands: CommandSet, pronounce: Pronounce | None = None) -> list[SoundAlike]:
    """Pairs of values in one list with the same pronunciation but different outputs, at most `MAX_REPORTED`.

    Args:
        commands: the command set.
        pronounce: returns the pronunciations of a word; without it, only equal words count as homophones.
    """
    return [found for name, values in _lists(commands) for found in _alike(name, values, pronounce)][:MAX_REPORTED]


def _lists(commands: CommandSet) -> Iterator[tuple[str, TextList]]:
    """The distinct text lists of the command set and of its sentences' scopes, with their names."""
    seen: set[int] = set()
    scopes = [sentence.scope.lists for sentences in commands.sentences.values() for sentence in sentences]
    for lists in (commands.lists, *scopes):
        for name, found in lists.items():
            if isinstance(found, TextList) and id(found) not in seen:
                seen.add(id(found))
                yield name, found


def _alike(name: str, found: TextList, pronounce: Pronounce | None) -> Iterator[SoundAlike]:
    first_of: dict[_Sound, TextValue] = {}
    reported: set[int] = set()
    for value in found.values:
        texts = [one for one in value.sounds_like or (value.template,) if isinstance(one.expression, TextChunk)]
        for sound in (_sound(text, pronounce) for text in texts):
            first = first_of.setdefault(sound, value)
            differs = _shown(first) != _shown(value) and first.context == value.context
            if differs and id(value) not in reported:
                reported.add(id(value))
                yield SoundAlike(name, first, value)


def _sound(template: Template, pronounce: Pronounce | None) -> _Sound:
    words = normalize(template.text)
    if pronounce is None:
        return tuple(words)
    try:
        return tuple(phone for word in words for phone in pronounce(word)[0])
    except GrammarError:  # compiling the commands for the model reports words without a pronunciation
        return tuple(words)


def _shown(value: TextValue) -> str:
    return repr(value.template.text if value.said else value.value)
