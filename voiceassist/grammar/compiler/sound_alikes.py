"""Finds list values that are pronounced alike but have different outputs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

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
    scopes = [sentence.scope.lists for sentences in commands.sentences.values() for sentence in sentences]
    named = (item for lists in (commands.lists, *scopes) for item in lists.items())
    lists = {id(found): (name, found) for name, found in named if isinstance(found, TextList)}
    alike = (one for name, found in lists.values() for one in _alike(name, found, pronounce))
    return list(islice(alike, MAX_REPORTED))


def _alike(name: str, found: TextList, pronounce: Pronounce | None) -> Iterator[SoundAlike]:
    first_of: dict[_Sound, TextValue] = {}
    for value in found.values:
        texts = [one for one in value.sounds_like or (value.template,) if isinstance(one.expression, TextChunk)]
        firsts = [first_of.setdefault(_sound(text, pronounce), value) for text in texts]
        others = (one for one in firsts if _shown(one) != _shown(value) and one.context == value.context)
        if (first := next(others, None)) is not None:
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
    return repr(value.template.text if value.verbatim else value.value)
