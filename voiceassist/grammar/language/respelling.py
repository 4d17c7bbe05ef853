"""Spelling variants of the words of a grammar: British and American spelling, contractions, missing apostrophes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

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
_CONTRACTED = {"is": "'s", "are": "'re", "am": "'m", "will": "'ll", "have": "'ve", "us": "'s"}
_CONTRACTION = re.compile(
    r"([a-z]+)'(s|re|m|ll|ve)|(what|who|where|when|how|that|there|i|it|you|we|they)(s|re|m|ll|ve)"
)
_IN_FULL = {"s": "is", "re": "are", "m": "am", "ll": "will", "ve": "have"}
_LET_US = {"let's": ["let", "us"]}


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
    """Variants of typed words in known words: first word by word, then with contractions expanded, then contracted.

    Args:
        words: as they were typed.
        known: the words of the grammar.
        keys: the known words by their `spelling_key`.
    """
    respelled = [word if word in known else keys.get(spelling_key(word), word) for word in words]
    in_full = [part for word in respelled for part in _in_full(word, known)]
    for variant in (respelled, in_full, _contracted(respelled, known)):
        if variant != list(words):
            yield variant


def _in_full(word: str, known: Collection[str]) -> list[str]:
    match = _CONTRACTION.fullmatch(word) if word not in known else None
    parts = _LET_US.get(word) or ([match[1] or match[3], _IN_FULL[match[2] or match[4]]] if match else [word])
    return parts if all(part in known for part in parts) else [word]


def _contracted(words: Sequence[str], known: Collection[str]) -> list[str]:
    found: list[str] = []
    for word in words:
        joined = f"{found[-1]}{_CONTRACTED[word]}" if found and word in _CONTRACTED else ""
        if joined in known:
            found[-1] = joined
        else:
            found.append(word)
    return found
