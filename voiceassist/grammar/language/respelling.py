"""Variants of typed commands: British and American spelling, contractions, missing apostrophes, joined words, and short
forms such as ``1h30``, ``90s``, ``7.30``, ``at 17`` and ``24 dec``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from voiceassist.grammar.language.text_normalization import MONTHS

_BRITISH = (
    (re.compile(r"(?<=[a-z]{2})our(?=(?:s|ed|ing|able|ful|ites?)?$)"), "or"),
    (re.compile(r"is(?=(?:e[ds]?|ing|ers?|ations?)$)"), "iz"),
    (re.compile(r"ys(?=(?:e[ds]?|ing|ers?)$)"), "yz"),
    (re.compile(r"(?<=[bcdghtv])re(?=s?$)"), "er"),
    (re.compile(r"ogue(?=s?$)"), "og"),
    (re.compile(r"mme(?=s?$)"), "m"),
    (re.compile(r"ll(?=(?:ed|ing|ers?)$)"), "l"),
    (re.compile(r"ence(?=s?$)"), "ense"),
    (re.compile(r"^grey"), "gray"),
    (re.compile(r"^cheque"), "check"),
)
_CONTRACTED = {"is": "'s", "are": "'re", "am": "'m", "will": "'ll", "have": "'ve", "not": "n't"}
_CONTRACTION = re.compile(
    r"([a-z]+)'(s|re|m|ll|ve)|(what|who|where|when|how|that|there|i|it|you|we|they)(s|re|m|ll|ve)"
)
_IN_FULL = {"s": "is", "re": "are", "m": "am", "ll": "will", "ve": "have"}
_NOT = re.compile(r"([a-z]+)n't")
_IRREGULAR = {
    "let's": ["let", "us"],
    "can't": ["can", "not"],
    "cannot": ["can", "not"],
    "won't": ["will", "not"],
    "shan't": ["shall", "not"],
}
_MONTHS = {name[:3]: name for name in MONTHS} | {"sept": "september"}
_SHORT_MONTHS = "|".join(_MONTHS)
_SHORT_FORMS = (
    (re.compile(r"\b(\d+)\s?h\s?(\d+)(?:\s?m(?:ins?)?)?\b"), r"\1 hr \2 min"),
    (re.compile(r"\b(\d+)\s?m\b"), r"\1 min"),
    (re.compile(r"\b(\d+)\s?s\b"), r"\1 sec"),
    (re.compile(r"\b(\d{1,2})\.([0-5]\d)(?=\s?[ap]\.?m\b|\s|$)"), r"\1:\2"),
    (re.compile(r"\b([ap])\.\s?m\b\.?", re.IGNORECASE), r"\1m"),
    (re.compile(r"\b[o0]['\u2019]?\s+clock\b", re.IGNORECASE), "o'clock"),
    (re.compile(r"\b(at|for)\s(1[3-9]|2[0-3])(?=\s|$)", re.IGNORECASE), r"\1 \2:00"),
    (
        re.compile(rf"(?<=\d )({_SHORT_MONTHS})\b\.?|\b({_SHORT_MONTHS})\b\.?(?= \d)", re.IGNORECASE),
        lambda match: _MONTHS[(match[1] or match[2]).lower()],
    ),
)


def written_out(text: str) -> str:
    """A typed text with its short forms in full: ``1h30`` is ``1 hr 30 min``, ``24 dec`` is ``24 december``."""
    for short, full in _SHORT_FORMS:
        text = short.sub(full, text)
    return text


def spelling_key(word: str) -> str:
    """A key that is equal for the British and American spellings of a word, with or without an apostrophe.

    Unrelated words may share a key; it only serves to look up a word that is otherwise unknown.
    """
    key = word.replace("'", "")
    for british, american in _BRITISH:
        key = british.sub(american, key)
    return key


def spelling_keys(known: Iterable[str]) -> dict[str, str]:
    """The known words by their key."""
    return {spelling_key(word): word for word in known}


def respellings(words: Sequence[str], known: Collection[str], keys: Mapping[str, str]) -> Iterator[list[str]]:
    """Variants of typed words in known words: word by word, contractions in full, contracted, split, and joined.

    Args:
        words: as they were typed.
        known: the words of the grammar.
        keys: the known words by their `spelling_key`.
    """
    respelled = [word if word in known else keys.get(spelling_key(word), word) for word in words]
    in_full = [part for word in respelled for part in _in_full(word, known)]
    regular = [part for word in respelled for part in ([word] if word in known else _IRREGULAR.get(word, [word]))]
    split = [part for word in respelled for part in (_split(word, known) if len(words) > 1 else [word])]
    contracted, joined = _paired(regular, _contraction, known), _paired(respelled, str.__add__, known)
    for variant in (respelled, in_full, contracted, split, joined):
        if variant != list(words):
            yield variant


def _in_full(word: str, known: Collection[str]) -> list[str]:
    if word in known:
        return [word]
    parts = _IRREGULAR.get(word, [word])
    if parts == [word] and (match := _CONTRACTION.fullmatch(word)):
        parts = [match[1] or match[3], _IN_FULL[match[2] or match[4]]]
    elif parts == [word] and (match := _NOT.fullmatch(word)):
        parts = [match[1], "not"]
    return parts if all(part in known for part in parts) else [word]


def _split(word: str, known: Collection[str]) -> list[str]:
    """The two known words that an unknown word is made of: ``livingroom``."""
    cuts = range(1, len(word)) if word not in known else ()
    return next(([word[:cut], word[cut:]] for cut in cuts if word[:cut] in known and word[cut:] in known), [word])


def _paired(words: Sequence[str], join: Callable[[str, str], str], known: Collection[str]) -> list[str]:
    """The words, with neighbours that make a known word in one."""
    found: list[str] = []
    for word in words:
        joined = join(found[-1], word) if found else ""
        if joined in known:
            found[-1] = joined
        else:
            found.append(word)
    return found


def _contraction(word: str, after: str) -> str:
    irregular = (short for short, parts in _IRREGULAR.items() if parts == [word, after])
    return next(irregular, word + _CONTRACTED.get(after, " "))
