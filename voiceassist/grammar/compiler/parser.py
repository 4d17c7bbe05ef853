"""Parses words into intent and slots with the `WordGraph`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any

from voiceassist.domain import CommandSpec, Entity, Interpretation
from voiceassist.grammar.compiler.bottom_up import bottom_up
from voiceassist.grammar.compiler.wake_phrase import WAKE_INTENT
from voiceassist.grammar.compiler.word_graph import (
    NO_NODE,
    FreeText,
    Label,
    SentenceEnd,
    SlotEnd,
    SlotStart,
    WakeMark,
    Word,
    WordGraph,
)
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.language.respelling import respellings, spelling_keys, written_out
from voiceassist.grammar.language.text_normalization import (
    normalize,
    second_numbers,
    with_decimal_points,
    zero_hours,
)
from voiceassist.open_time import OpenTime

MAX_TEXT_WORDS = 2_000
MAX_INNER_FREE_WORDS = 50
"""Maximum length of free text that is not at the end of the sentence."""

_State = tuple[int, int]
"""A parser state: a node of the graph, and the number of words consumed so far."""
_Step = tuple[Label, int]
"""A label, and the number of words that it consumes."""
# The rank of a parse (fewer values out of range, then less free text, then earlier definitions), and its steps as a
# linked list.
_Path = tuple[tuple[int, ...], "tuple[_Step, Any] | None"]


class WordParser:
    """Parses sentences into intent and slots; an ambiguous sentence gets the parse that was defined first."""

    def __init__(self, graph: WordGraph, commands: CommandSet) -> None:
        self._graph = graph
        self._intents = {WAKE_INTENT: CommandSpec(WAKE_INTENT), **commands.intents}
        self._decimal_comma = commands.decimal_comma
        self._skip = [phrase.split() for phrase in sorted(commands.skip_words, key=len, reverse=True)]
        self._spoken: dict[str, list[int]] = {}
        self._arcs: dict[int, dict[int, int]] = {}
        self._marks: dict[int, list[tuple[Label, int]]] = {}
        self._slot_starts: set[int] = set()
        for label_id, label in enumerate(graph.labels):
            if isinstance(label, Word):
                self._spoken.setdefault(label.spoken, []).append(label_id)

    def parse(self, words: Sequence[str]) -> Interpretation | None:
        """Parse words; skip words are only dropped where nothing else matches."""
        if len(words) > MAX_TEXT_WORDS:
            return None
        found = self._interpret(words)
        if found is None and self._skip:
            kept: list[str] = []
            at = 0
            while at < len(words):
                skipped = next((phrase for phrase in self._skip if list(words[at : at + len(phrase)]) == phrase), None)
                if skipped is None:
                    kept.append(words[at])
                at += len(skipped) if skipped else 1
            found = self._interpret(kept)
        return found

    def parse_text(self, text: str) -> Interpretation | None:
        """Parse typed text; free text keeps its capitals and punctuation."""
        points = with_decimal_points(text) if self._decimal_comma else text
        if points != text:
            found = self._parse_variants(points)
            if found is not None and found.command.intent in self._decimal_comma:
                return found
        found = self._parse_variants(text)
        in_full = written_out(text)
        return found if found is not None or in_full == text else self._parse_variants(in_full)

    def begins(self, text: str) -> bool:
        """Whether a text is a prefix of some sentence, or a whole sentence."""
        words = normalize(text)
        if self._graph.root == NO_NODE or len(words) > MAX_TEXT_WORDS:
            return False
        seen: set[_State] = {(self._graph.root, 0)}
        waiting = list(seen)
        while waiting:
            state = waiting.pop()
            if state[1] == len(words):
                return True
            ahead = {after for _, after in self._steps(state, words, ()) if after is not None} - seen
            seen |= ahead
            waiting += ahead
        return False

    def _parse_variants(self, text: str) -> Interpretation | None:
        words = normalize(text)
        if len(words) > MAX_TEXT_WORDS:
            return None
        variants = (words, normalize(text, singular_units=True), *respellings(words, self._spoken, self._spelling_keys))
        number_starts = second_numbers(text)
        tried: list[list[str]] = []
        for variant in variants:
            if variant in tried:
                continue
            tried.append(variant)
            # Free text is as it was typed wherever the words of the variant are in the same places.
            typed = words if len(words) == len(variant) else variant
            path = self._best(variant, number_starts)
            if path is not None:
                return _interpretation(path, self._intents, variant, _as_typed(text, typed), zero_hours(text))
            found = None if number_starts else self.parse(variant)
            if found is not None:
                return found
        return None

    @cached_property
    def _spelling_keys(self) -> dict[str, str]:
        return spelling_keys(self._spoken)

    def _interpret(self, words: Sequence[str]) -> Interpretation | None:
        path = self._best(words)
        return None if path is None else _interpretation(path, self._intents, words)

    def _best(self, words: Sequence[str], number_starts: Collection[int] = ()) -> _Path | None:
        """The best path that accepts the words.

        Args:
            words: the words to parse.
            number_starts: indices of the words that start a new number.
        """
        if self._graph.root == NO_NODE:
            return None
        known: dict[_State, _Path | None] = {}

        def best(state: _State, steps: list[tuple[Label, _State | None]]) -> _Path | None:
            rests = ((label, after, None if after is None else known[after]) for label, after in steps)
            paths = (_extended(label, state, after, len(words), rest) for label, after, rest in rests)
            return min([path for path in paths if path is not None], key=itemgetter(0), default=None)

        return bottom_up(
            (self._graph.root, 0),
            known,
            lambda state: self._steps(state, words, number_starts),
            lambda steps: [after for _, after in steps if after is not None],
            best,
        )

    def _steps(
        self, state: _State, words: Sequence[str], number_starts: Collection[int]
    ) -> list[tuple[Label, _State | None]]:
        """The labels of possible next arcs, each with the state that it leads to; ``None`` after a sentence end."""
        node, at = state
        arcs = self._arcs_of(node)
        can_consume = at < len(words) and not (at in number_starts and self._is_inside_number(node))
        label_ids = self._spoken.get(words[at], []) if can_consume else []
        steps: list[tuple[Label, _State | None]] = [
            (self._graph.labels[label_id], (arcs[label_id], at + 1)) for label_id in label_ids if label_id in arcs
        ]
        for label, target in self._marks_at(node):
            if isinstance(label, SentenceEnd):
                steps.append((label, None))
            elif not isinstance(label, FreeText):
                steps.append((label, (target, at)))
            elif label.final:
                steps += [(label, (target, len(words)))] if at < len(words) else []
            else:
                ends = range(at + 1, min(at + MAX_INNER_FREE_WORDS, len(words)) + 1)
                steps += [(label, (target, end)) for end in ends if _without_suffix(words[end - 1], label.suffix)]
        return steps

    def _arcs_of(self, node: int) -> dict[int, int]:
        known = self._arcs.get(node)
        if known is None:
            known = self._arcs[node] = self._graph.arcs(node)
        return known

    def _marks_at(self, node: int) -> list[tuple[Label, int]]:
        known = self._marks.get(node)
        if known is None:
            labelled = ((self._graph.labels[label_id], target) for label_id, target in self._arcs_of(node).items())
            known = self._marks[node] = [(label, target) for label, target in labelled if not isinstance(label, Word)]
            self._slot_starts.update(target for label, target in known if isinstance(label, SlotStart))
        return known

    def _is_inside_number(self, node: int) -> bool:
        """Whether a node lies inside a single number."""
        while node not in self._slot_starts:
            marks = [label for label, _ in self._marks_at(node)]
            if marks:
                return any(isinstance(label, SlotEnd) and label.one_number for label in marks)
            node = next(iter(self._arcs_of(node).values()))
        return False


def _extended(label: Label, state: _State, after: _State | None, words: int, rest: _Path | None) -> _Path | None:
    """The path of a label followed by the best path from the next state."""
    if isinstance(label, SentenceEnd):
        return ((0, 0, label.order), ((label, 0), None)) if state[1] == words else None
    if rest is None or after is None:
        return None
    rank, path = rest
    consumed = after[1] - state[1]
    if isinstance(label, SlotEnd):
        rank = (rank[0] + (label.limits is not None), *rank[1:3], label.order, *rank[3:])
    if isinstance(label, FreeText):
        rank = (rank[0], rank[1] + 2 * consumed - bool(label.suffix), *rank[2:])
    return rank, ((label, consumed), path)


def _without_suffix(word: str, suffix: str) -> str:
    """The word without a suffix such as ``'s``, whose apostrophe may be missing; ``""`` if it has no such suffix."""
    letters = suffix.strip("'")
    return (
        word.removesuffix(letters).rstrip("'\u2019") if letters and word.endswith(letters) else "" if suffix else word
    )


def _as_typed(text: str, words: Sequence[str]) -> Callable[[int, int], list[str]]:
    """Maps a range of words to the typed text, wherever the text can be split at the range's boundaries."""
    raw = text.split()

    def boundary(count: int) -> int | None:
        """The number of whitespace-separated parts that yield exactly ``count`` words; ``None`` if no split does."""
        at = bisect_left(range(len(raw)), count, key=lambda parts: len(normalize(" ".join(raw[:parts]))))
        return at if normalize(" ".join(raw[:at])) == list(words[:count]) else None

    def typed(first: int, end: int) -> list[str]:
        begin, stop = boundary(first), len(raw) if end == len(words) else boundary(end)
        if begin is None or stop is None or begin >= stop:
            return list(words[first:end])
        found = raw[begin:stop]
        return found if end == len(words) else [*found[:-1], found[-1].rstrip(",;:.!?")]

    return typed


def _interpretation(
    path: _Path,
    intents: Mapping[str, CommandSpec],
    words: Sequence[str],
    as_typed: Callable[[int, int], list[str]] | None = None,
    zero_hours: Collection[int] = (),
) -> Interpretation:
    shown: list[str] = []
    spoken: list[str] = []
    opened: list[tuple[str, int, int, int]] = []
    entities: list[Entity] = []
    finish: SentenceEnd | None = None
    woken, at = False, 0
    link = path[1]
    while link is not None:
        (label, consumed), link = link
        if isinstance(label, Word):
            spoken.append(label.spoken)
            shown += [label.shown] if label.shown else []
        elif isinstance(label, SlotStart):
            opened.append((label.slot, len(shown), len(spoken), at))
        elif isinstance(label, FreeText):
            free = list(words[at : at + consumed]) if as_typed is None else as_typed(at, at + consumed)
            shown += free
            spoken += [*free[:-1], _without_suffix(free[-1], label.suffix) or free[-1]]
        elif isinstance(label, SlotEnd):
            slot, first_shown, first_spoken, first = opened.pop()
            start = sum(len(word) + 1 for word in shown[:first_shown])
            raw = " ".join(shown[first_shown:])
            value = label.read(spoken[first_spoken:])
            if isinstance(value, OpenTime) and any(first <= index < at for index in zero_hours):
                value = str(value)  # 05:00 is written on a clock of 24 hours
            entities.append(Entity(slot, value, raw, start, start + len(raw), out_of_range=label.limits))
        elif isinstance(label, SentenceEnd):
            finish = label
        elif isinstance(label, WakeMark):
            woken = True
        at += consumed
    if finish is None:
        raise TypeError("the path has no sentence end")
    text = " ".join(shown)
    fixed = (Entity(name, value, text, 0, len(text)) for name, value in finish.slots.items())
    return Interpretation(text, intents[finish.intent], (*entities, *fixed), woken=woken)
