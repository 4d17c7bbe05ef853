"""Word pieces: the output vocabulary of the CTC head, and text normalisation for it."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import sentencepiece

from voiceassist.config.files import write_atomically

BLANK = 0
"""Piece 0 is the CTC blank, piece 1 the unknown piece; neither is ever a target."""

_APOSTROPHES = dict.fromkeys((0x2018, 0x2019, 0x00B4, 0x0060), "'")
_SILENT = re.compile(r"[\s.,;:!?\"()\[\]\u2010-\u2015\u201c-\u201e\u2026\u00ab\u00bb-]+")
_SPOKEN = re.compile(r"[a-z']+( [a-z']+)*")


def train_pieces(texts: Iterable[str], path: Path, count: int) -> None:
    """Trains a unigram sentencepiece model of ``count`` pieces and writes it to ``path``."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_writer=model,
        vocab_size=count,
        model_type="unigram",
        character_coverage=1.0,
        normalization_rule_name="identity",
        split_by_unicode_script=False,
        pad_id=BLANK,
        pad_piece="<blank>",
        unk_id=1,
        bos_id=-1,
        eos_id=-1,
        minloglevel=2,
    )
    write_atomically(path, model.getvalue())


def clean(text: str) -> str:
    """Lower case words of letters and apostrophes; empty where the pronunciation of the text is ambiguous.

    Accents are removed, hyphens split words, other punctuation is dropped. Digits, symbols and other scripts can be
    read out in more than one way.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = [word.strip("'") for word in _SILENT.sub(" ", plain).split()]
    spoken = " ".join(filter(None, words))
    return spoken if _SPOKEN.fullmatch(spoken) else ""


class Pieces:
    """A trained sentencepiece model."""

    def __init__(self, path: Path) -> None:
        self._model = sentencepiece.SentencePieceProcessor(model_file=str(path))

    def __len__(self) -> int:
        return int(self._model.get_piece_size())

    def encode(self, text: str) -> list[int]:
        """The pieces of a text; no piece spans two words."""
        return list(self._model.encode(text))

    def decode(self, pieces: list[int]) -> str:
        """The text of pieces."""
        return str(self._model.decode(pieces))

    def letters(self, piece: int) -> int:
        """Number of letters of a piece."""
        return len(self._model.id_to_piece(piece).strip("▁"))
