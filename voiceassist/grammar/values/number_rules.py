"""Whole numbers as expansion rules of the template language; a range stays small however many numbers it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from voiceassist.grammar.language.numbers import MAX_NUMBER, SMALL, TENS, ordinal

_SCALES = ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred"))


class NumberRules:
    """Expansion rules for ranges of numbers, each made once. They generate what `numbers.spellings` lists.

    Attributes:
        rules: the rules so far: names and template texts.
    """

    def __init__(self) -> None:
        self.rules: dict[str, str] = {}

    def whole(self, start: int, stop: int) -> str:
        """A reference to the rule for the numbers from ``start`` to ``stop``: ``<1_99>``.

        Raises:
            ValueError: the range is empty, or its numbers have more than nine digits.
        """
        if start > stop or max(-start, stop) > MAX_NUMBER:
            raise ValueError(f"no numbers that can be said from {start} to {stop}")
        return self._rule(f"{start}_{stop}", lambda: self._whole(start, stop))

    def ordinal(self, start: int, stop: int) -> str:
        """A reference to the rule for the ordinals from ``start`` to ``stop``, within 1 and 99.

        Raises:
            ValueError: the range is empty or goes beyond these limits.
        """
        if not 1 <= start <= stop <= 99:
            raise ValueError(f"no ordinals from {start} to {stop}")
        return self._rule(f"{start}th_{stop}th", lambda: self._below_100(start, stop, _ORDINALS, self.ordinal))

    def name(self, start: int, stop: int) -> str:
        """A template for the numbers from ``start`` to ``stop`` in pairs and digit by digit; empty if there are none.

        It generates what `numbers.read_number_name` reads.
        """
        doubles = [SMALL[digit] for digit in range(1, 10) if start <= 11 * digit <= stop]
        parts = [f"double {_any(doubles)}"] if doubles else []
        if max(start, 101) <= min(stop, 9_999):
            # "one twenty", "four oh four": the hundreds, and two digits that are not both zero
            (low, low_rest), (high, high_rest) = divmod(max(start, 101), 100), divmod(min(stop, 9_999), 100)
            blocks = [(low, low, low_rest, high_rest)]
            if low < high:
                blocks = [(low, low, low_rest, 99), (low + 1, high - 1, 1, 99), (high, high, 1, high_rest)]
            for first, last, rest, last_rest in blocks:
                limits = ("oh ", max(rest, 1), min(last_rest, 9)), ("", max(rest, 10), last_rest)
                tails = [f"{oh}{self.whole(begin, end)}" for oh, begin, end in limits if begin <= end]
                if first <= last and tails:
                    parts.append(f"{self.whole(first, last)} {_any(tails)}")
        for length in range(3, len(str(MAX_NUMBER)) + 1):
            first, last = max(start, 10 ** (length - 1)), min(stop, 10**length - 1)
            if first <= last:
                parts.append(self._digits(str(first), str(last)))
        return _any(parts) if parts else ""

    def _digits(self, low: str, high: str) -> str:
        """A reference to the rule for the digit strings from ``low`` to ``high``, which are equally long."""
        return self._rule(f"digits_{low}_{high}", lambda: self._digit_strings(low, high))

    def _digit_strings(self, low: str, high: str) -> Iterator[str]:
        if not low:
            yield ""
        whole_blocks = []
        for first in range(int(low[:1] or 1), int(high[:1] or 0) + 1):
            rest_low = low[1:] if first == int(low[0]) else "0" * len(low[1:])
            rest_high = high[1:] if first == int(high[0]) else "9" * len(low[1:])
            if not int(rest_low or 0) and set(rest_high) <= {"9"}:
                whole_blocks.append(str(first))
            else:
                yield from self._prefixed([str(first)], rest_low, rest_high)
        if whole_blocks:
            yield from self._prefixed(whole_blocks, "0" * len(low[1:]), "9" * len(low[1:]))

    def _prefixed(self, firsts: Sequence[str], low: str, high: str) -> Iterator[str]:
        """Digit strings with one of these first digits: each digit by itself, or two equal ones as ``double seven``."""
        names = {digit: "(zero|oh)" if digit == "0" else SMALL[int(digit)] for digit in firsts}
        yield f"{_any(names.values())}{self._after_space(low, high)}"
        for digit, name in names.items() if low else ():
            if low[0] <= digit <= high[0]:
                rest_low = low[1:] if digit == low[0] else "0" * len(low[1:])
                rest_high = high[1:] if digit == high[0] else "9" * len(low[1:])
                yield f"double {name}{self._after_space(rest_low, rest_high)}"

    def _after_space(self, low: str, high: str) -> str:
        return f" {self._digits(low, high)}" if low else ""

    def _rule(self, name: str, text: Callable[[], Iterable[str]]) -> str:
        if name not in self.rules:
            self.rules[name] = _any(text())
        return f"<{name}>"

    def _whole(self, start: int, stop: int) -> Iterator[str]:
        if start < 0:
            yield f"(minus|negative) {self.whole(max(1, -stop), -start)}"
        if start <= 0 <= stop:
            yield SMALL[0]
        start = max(start, 1)
        if 0 < stop < 100:
            yield from self._below_100(start, stop, _CARDINALS, self.whole)
        if stop < 100:
            return
        unit, name = next(scale for scale in _SCALES if stop >= scale[0])
        if start < unit:
            yield self.whole(start, unit - 1)
        yield from self._scale(max(start, unit), stop, unit, name)
        for thousand in range(1_000, 10_000, 1_000) if unit == 1_000 else ():
            # "fifteen hundred"
            first, last = max(start, thousand + 100), min(stop, thousand + 999)
            if first <= last:
                yield from self._scale(first, last, 100, "hundred")

    def _below_100(
        self, start: int, stop: int, words: Sequence[str], units: Callable[[int, int], str]
    ) -> Iterator[str]:
        """Numbers below 20 have words of their own; above, complete tens share a rule, incomplete ones do not."""
        yield from words[start : min(stop, 19) + 1]
        full = [ten for ten in range(20, 100, 10) if start <= ten <= stop - 9]
        yield from (words[ten] for ten in range(20, 100, 10) if start <= ten <= stop)
        if full:
            yield f"{_any(TENS[ten // 10] for ten in full)} {units(1, 9)}"
        for ten in range(20, 100, 10):
            low, high = max(start - ten, 1), min(stop - ten, 9)
            if ten not in full and low <= high:
                yield f"{TENS[ten // 10]} {units(low, high)}"

    def _scale(self, first: int, last: int, unit: int, name: str) -> Iterator[str]:
        """``three hundred and five``: complete hundreds share one rule, those that the limits cut have their own."""
        low, low_rest = divmod(first, unit)
        high, high_rest = divmod(last, unit)
        if low == high:
            yield self._counted(low, low, name, low_rest, high_rest)
            return
        if low_rest:
            yield self._counted(low, low, name, low_rest, unit - 1)
            low += 1
        if high_rest < unit - 1:
            yield self._counted(high, high, name, 0, high_rest)
            high -= 1
        if low <= high:
            yield self._counted(low, high, name, 0, unit - 1)

    def _counted(self, low: int, high: int, name: str, rest: int, last_rest: int) -> str:
        count = self.whole(low, high)
        head = f"({count}|a) {name}" if low == 1 else f"{count} {name}"
        tails = []
        if last_rest and rest < 100:
            tails.append(f"[and] {self.whole(max(rest, 1), min(last_rest, 99))}")
        if last_rest >= 100:
            tails.append(self.whole(max(rest, 100), last_rest))
        if not tails:
            return head
        return f"{head} {_any(tails)}" if rest else f"{head}[ {_any(tails)}]"


def _any(texts: Iterable[str]) -> str:
    alternatives = list(texts)
    return alternatives[0] if len(alternatives) == 1 else f"({'|'.join(alternatives)})"


_CARDINALS = tuple(SMALL[number] if number < 20 else TENS[number // 10] for number in range(100))
_ORDINALS = tuple(ordinal(number) for number in range(100))
