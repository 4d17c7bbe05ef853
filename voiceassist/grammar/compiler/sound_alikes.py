"""Finds list values that sound alike but mean different things."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hassil.expression import TextChunk

from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.phone_graph import Pronounce
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.language.templates import Template
from voiceassist.grammar.language.text_normalization import normalize
from voiceassist.grammar.values.lists import TextList, TextValue

MAX_REPORTED = 20

_Sound = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class SoundAlike:
    """Two values of a list that are said alike.

    Attributes:
        list_name: the list.
        first: the value that is understood.
        second: the value that is not.
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
    """Values of one list that are said alike and mean different things, at most `MAX_REPORTED`.

    Args:
        commands: the command set.
        pronounce: gives the pronunciations of a word; without it only equal words sound alike.
    """
    return [found for name, values in _lists(commands) for found in _alike(name, values, pronounce)][:MAX_REPORTED]


def _lists(commands: CommandSet) -> Iterator[tuple[str, TextList]]:
    """The text lists as they were written; those that a context filters are parts of these."""
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
        for sound in _sounds(value, pronounce):
            first = first_of.setdefault(sound, value)
            differs = _shown(first) != _shown(value) and first.context == value.context
            if differs and id(value) not in reported:
                reported.add(id(value))
                yield SoundAlike(name, first, value)


def _sounds(value: TextValue, pronounce: Pronounce | None) -> Iterator[_Sound]:
    for template in value.sounds_like or (value.template,):
        if isinstance(template.expression, TextChunk):
            yield _sound(template, pronounce)


def _sound(template: Template, pronounce: Pronounce | None) -> _Sound:
    words = normalize(template.text)
    if pronounce is None:
        return tuple(words)
    try:
        return tuple(phone for word in words for phone in pronounce(word)[0])
    except GrammarError:  # a word that the model cannot hear is reported where commands are compiled for it
        return tuple(words)


def _shown(value: TextValue) -> str:
    return repr(value.template.text if value.said else value.value)
