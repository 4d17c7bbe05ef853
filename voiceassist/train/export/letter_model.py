"""Estimates the letter model that free text is written with, from word bigrams and transcripts."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.letter_model import ALPHABET, NATS_PER_STEP, LetterModel
from voiceassist.config.files import write_atomically
from voiceassist.errors import VoiceAssistError
from voiceassist.train.data.store import AudioStore

log = logging.getLogger(__name__)

CONTEXT = 7
MIN_WEIGHT = 4.0
"""Contexts of more than one letter that were seen less often are left out."""
MIN_GAIN_NATS = 60.0
"""A context is kept if its row saves so much, over all times it was seen, against that of the next shorter context."""
BIGRAM_WORDS = 3e6
"""The bigrams count as a text of so many words."""
UNIGRAM_SHARE = 0.25
"""Part of them that follows the unigrams: what the bigram model leaves to words that were never seen together."""
TRANSCRIPT_WEIGHT = 3.0
MAX_MISSING_PAIRS = 200
MAX_PROB_ERROR = 0.05
_WORD = re.compile(r"[a-z']+")
_LETTERS = len(ALPHABET)


class WeightedText(NamedTuple):
    """A text of `ALPHABET` with a space before and after it.

    Attributes:
        text: the text.
        begin: index of the first letter that counts; those before are context.
        weight: how often it counts.
    """

    text: str
    begin: int
    weight: float


def fit_letter_model(data: Path, output: Path) -> None:
    """Estimates the model from PocketSphinx's bigrams and the transcripts of prepared recordings, and writes it.

    Args:
        data: folder of `prepare`.
        output: file to write.

    Raises:
        VoiceAssistError: the recordings are not prepared, or the bigrams cannot be read.
    """
    import pocketsphinx  # noqa: PLC0415  with its language model, 50 MB that nothing else needs

    transcripts = [item.text for item in AudioStore(data / "train").items if item.text]
    with tempfile.TemporaryDirectory() as folder:
        arpa = Path(folder) / "words.arpa"
        _write_arpa(Path(pocketsphinx.__file__).parent / "model/en-us/en-us.lm.bin", arpa)
        with arpa.open(encoding="utf-8", errors="replace") as lines:
            texts = bigram_texts(lines)
    texts += [WeightedText(f" {text} ", 1, TRANSCRIPT_WEIGHT) for text in transcripts]
    model = estimate(texts)
    write_atomically(output, model.to_bytes())
    log.info("%d contexts of up to %d letters, %d bytes", len(model.contexts), model.order, output.stat().st_size)


def _write_arpa(binary: Path, arpa: Path) -> None:
    """Writes a language model of PocketSphinx as text.

    In a process of its own: version 5 dies over the trigrams, and what it had not flushed is lost.
    """
    script = (
        "import sys, pocketsphinx as p\n"
        "config, logs = p.Config(), p.LogMath()\n"  # the model does not keep what it refers to
        "model = p.NGramModel(config, logs, sys.argv[1])\n"
        "model.write(sys.argv[2], model.str_to_type('arpa'))"
    )
    subprocess.run([sys.executable, "-c", script, binary, arpa], capture_output=True, check=False)


def bigram_texts(arpa: Iterator[str]) -> list[WeightedText]:
    """The pairs of words of a language model in the ARPA format, and its single words, weighted by their probability.

    Words with other letters than those of `ALPHABET` are left out.

    Raises:
        VoiceAssistError: more than `MAX_MISSING_PAIRS` pairs are missing, or the probabilities of the words are none.
    """
    section, probs = "", dict[str, float]()
    pairs: list[WeightedText] = []
    missing = -1
    for line in arpa:
        fields = line.split()
        if line.startswith("ngram 2="):
            missing = int(line.partition("=")[2])
        missing -= section == "\\2-grams:" and len(fields) >= 3
        if line.startswith("\\"):
            section = line.strip()
            if section == "\\3-grams:":
                break
        elif section == "\\1-grams:" and len(fields) >= 2:
            probs[fields[1]] = 10 ** float(fields[0])
        elif section == "\\2-grams:" and len(fields) >= 3 and _WORD.fullmatch(fields[2]):
            first = "" if fields[1] == "<s>" else fields[1]
            if first and not _WORD.fullmatch(first):
                continue
            # in this format the start of a sentence has no probability; each sentence has one
            share = probs.get("</s>", 0.0) if not first else probs.get(first, 0.0)
            weight = share * 10 ** float(fields[0])
            pairs.append(
                WeightedText(
                    f" {first} {fields[2]} " if first else f" {fields[2]} ", len(first) + 1 + bool(first), weight
                )
            )
    if not 0 <= missing <= MAX_MISSING_PAIRS:
        raise VoiceAssistError("the word bigrams are incomplete", hint="install pocketsphinx 5 again")
    if abs(sum(probs.values()) - 1) > MAX_PROB_ERROR:
        raise VoiceAssistError("the probabilities of the words do not add up to 1", hint="install pocketsphinx 5 again")
    words = [WeightedText(f" {word} ", 1, prob) for word, prob in probs.items() if _WORD.fullmatch(word)]
    return _scaled(pairs, BIGRAM_WORDS * (1 - UNIGRAM_SHARE)) + _scaled(words, BIGRAM_WORDS * UNIGRAM_SHARE)


def _scaled(texts: Sequence[WeightedText], total: float) -> list[WeightedText]:
    factor = total / (sum(text.weight for text in texts) or 1.0)
    return [text._replace(weight=text.weight * factor) for text in texts]


def estimate(
    texts: Sequence[WeightedText],
    *,
    context: int = CONTEXT,
    min_weight: float = MIN_WEIGHT,
    min_gain: float = MIN_GAIN_NATS,
) -> LetterModel:
    """Letter probabilities after contexts of up to ``context`` letters, each smoothed by the next shorter one.

    Source: Witten and Bell 1991, interpolated.
    """
    codes, places, offsets, weights = _letters(texts)
    following, contexts = codes[places], np.zeros(len(places), np.int64)
    kept_contexts, kept_rows = [], []
    shorter, shorter_rows = np.zeros(1, np.int64), np.full((1, _LETTERS), 1 / _LETTERS)
    power = 1
    for length in range(context + 1):
        if length:
            within = offsets >= length
            places, offsets, weights = places[within], offsets[within], weights[within]
            following, contexts = following[within], contexts[within]
            contexts = contexts + (codes[places - length] + 1) * power
        found, counts = _counts(contexts, following, weights)
        seen = counts.sum(axis=1)
        if length > 1:
            enough = seen >= min_weight
            found, counts, seen = found[enough], counts[enough], seen[enough]
        if not len(found):
            break
        lower = shorter_rows[np.searchsorted(shorter, found % power)] if length else shorter_rows
        if length:
            power *= _LETTERS + 1
        kinds = np.maximum((counts > 0.5).sum(axis=1), 1)
        rows = (counts + kinds[:, None] * lower) / (seen + kinds)[:, None]
        gain = seen * (rows * np.log(rows / lower)).sum(axis=1)
        kept = (gain >= min_gain) | (length == 0)
        kept_contexts.append(found[kept])
        kept_rows.append(rows[kept])
        shorter, shorter_rows = found, rows
    keys = np.concatenate(kept_contexts).astype(np.uint64)
    order = np.argsort(keys)
    steps = -np.log(np.concatenate(kept_rows)) / NATS_PER_STEP
    return LetterModel(keys[order], np.clip(np.rint(steps), 0, 255).astype(np.uint8)[order])


def _letters(
    texts: Sequence[WeightedText],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """All texts in a row as indices of `ALPHABET`; place, offset in its text and weight of each letter that counts."""
    codes = np.zeros(256, np.int64)
    for index, letter in enumerate(ALPHABET):
        codes[ord(letter)] = index
    lengths = np.array([len(text.text) for text in texts])
    owner = np.repeat(np.arange(len(texts)), lengths)
    offsets = np.arange(len(owner)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    counted = np.flatnonzero(offsets >= np.array([text.begin for text in texts])[owner])
    row = np.frombuffer("".join(text.text for text in texts).encode("ascii"), np.uint8)
    weights = np.array([text.weight for text in texts])[owner[counted]]
    return codes[row], counted, offsets[counted], weights


def _counts(
    contexts: NDArray[np.int64], following: NDArray[np.int64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The distinct contexts ``(rows,)``, ascending, and the weight of each letter after them ``(rows, letters)``."""
    pairs, pair_of = np.unique(contexts * _LETTERS + following, return_inverse=True)
    found, row_of = np.unique(pairs // _LETTERS, return_inverse=True)
    counts = np.zeros((len(found), _LETTERS))
    counts[row_of, pairs % _LETTERS] = np.bincount(pair_of, weights=weights)
    return found, counts
