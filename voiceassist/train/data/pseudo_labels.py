"""Transcripts for recordings without text, by the encoder and decoder of Moonshine Tiny English.

Recordings are cut into utterances, transcribed greedily, and those whose transcript the decoder is sure of become a
corpus table that ``prepare`` reads.

Source: Jeffries et al. 2024 (arXiv 2410.15608); the package moonshine-voice 0.1.0 brings the files (MIT).
"""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voiceassist.audio.framing import frames_of
from voiceassist.audio.segmenter import Segmenter, SegmenterConfig
from voiceassist.audio.vad import SpeechDetector
from voiceassist.config.files import write_atomically
from voiceassist.domain import SAMPLE_RATE_HZ, Samples
from voiceassist.errors import DataError
from voiceassist.train.data.corpus import Clip, load_clips
from voiceassist.train.data.pretrained_encoder import load_session
from voiceassist.train.data.word_pieces import clean

log = logging.getLogger(__name__)

BEGIN_TOKEN, END_TOKEN = 1, 2
MIN_TOKENS, TOKENS_PER_S = 8, 8.0
"""Limit of a transcript: a decoder that repeats itself must end. Speech has four to six tokens a second."""
MIN_LOG_PROB = -0.30
"""Mean log-probability of the tokens below which a transcript is dropped."""
SOUND_SUFFIXES = (".wav", ".flac", ".ogg", ".opus", ".mp3")
COLUMNS = ("path", "start_s", "seconds", "speaker", "accent", "source", "licence", "id", "text", "label")


@dataclass(frozen=True, slots=True)
class Transcript:
    """A text and the mean log-probability of its tokens."""

    text: str
    log_prob: float


class MoonshineTranscriber:
    """Moonshine's encoder and decoder as ONNX, with greedy decoding and a key-value cache.

    Args:
        encoder: ``encoder_model.ort``.
        decoder: ``decoder_model_merged.ort``, with ``tokenizer.bin`` beside it.
        threads: of each model.

    Raises:
        DataError: a file cannot be used.
    """

    def __init__(self, encoder: Path, decoder: Path, threads: int = 1) -> None:
        self._encoder, self._decoder = load_session(encoder, threads), load_session(decoder, threads)
        self._tokens = read_tokens(decoder.parent / "tokenizer.bin")
        self._outputs = [output.name for output in self._decoder.get_outputs()]
        self._empty_cache = {
            value.name: np.zeros([size if isinstance(size, int) else 0 for size in (1, *value.shape[1:])], np.float32)
            for value in self._decoder.get_inputs()
            if value.name.startswith("past_key_values.")
        }

    def transcribe(self, sound: Samples) -> Transcript:
        """Transcribes one utterance. Shape: ``(samples,)`` in [-1, 1]."""
        mask = np.ones((1, len(sound)), np.int64)  # the decoder wants it at the rate of the samples, too
        (frames,) = self._encoder.run(None, {"input_values": sound[None].astype(np.float32), "attention_mask": mask})
        cache, token, tokens, total = dict(self._empty_cache), BEGIN_TOKEN, list[int](), 0.0
        for step in range(MIN_TOKENS + int(TOKENS_PER_S * len(sound) / SAMPLE_RATE_HZ)):
            found = self._step(frames, mask, token, cache, first=step == 0)
            logits = found["logits"][0, -1].astype(np.float64)
            token = int(logits.argmax())
            total -= float(np.log(np.exp(logits - logits[token]).sum()))  # its log-probability
            if token == END_TOKEN:
                break
            tokens.append(token)
        text = b"".join(self._tokens[token] for token in tokens).decode("utf-8", "replace")  # some are single bytes
        return Transcript(text.replace("\u2581", " ").strip(), total / (len(tokens) + 1))

    def _step(
        self, frames: NDArray[np.float32], mask: NDArray[np.int64], token: int, cache: dict[str, Any], *, first: bool
    ) -> dict[str, Any]:
        """One decoder step; updates the cache. The cross-attention's part comes with the first step only."""
        inputs = {
            "encoder_hidden_states": frames,
            "encoder_attention_mask": mask,
            "input_ids": np.array([[token]], np.int64),
            "use_cache_branch": np.array([not first]),
        }
        found = dict(zip(self._outputs, self._decoder.run(None, inputs | cache), strict=True))
        for name in cache:
            if first or ".encoder." not in name:
                cache[name] = found[name.replace("past_key_values.", "present.")]
        return found


def read_tokens(path: Path) -> list[bytes]:
    """The vocabulary of a ``tokenizer.bin``: byte strings, each after its length in one byte, or in two from 128 on.

    Raises:
        DataError: the file cannot be read.
    """
    try:
        data = path.read_bytes()
        tokens, place = [], 0
        while place < len(data):
            length, place = data[place], place + 1
            if length >= 128:
                length, place = data[place] * 128 + length - 128, place + 1
            tokens.append(data[place : place + length])
            place += length
    except (OSError, IndexError) as error:
        raise DataError(
            f"{path} is not a readable tokenizer: {error}", hint="unpack assets/tiny-en of moonshine-voice 0.1.0"
        ) from error
    return tokens


def label_recordings(
    folder: Path, transcriber: MoonshineTranscriber, *, licence: str, min_log_prob: float = MIN_LOG_PROB
) -> Path:
    """Transcribes all recordings under a folder and writes ``speech/train.tsv`` there.

    Returns:
        the table.

    Raises:
        DataError: there are no recordings, or there is a table already.
    """
    table = folder / "speech" / "train.tsv"
    if table.exists():
        raise DataError(f"{table} exists already", hint="move it away to label the recordings anew")
    recordings = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SOUND_SUFFIXES)
    if not recordings:
        raise DataError(f"{folder} has no recordings", hint=f"recordings end in {', '.join(SOUND_SUFFIXES)}")
    rows: list[tuple[str, ...]] = []
    number, heard_s, kept_s = 0, 0.0, 0.0
    for number, (path, start_s, sound) in enumerate(utterances(recordings), start=1):
        transcript = transcriber.transcribe(sound)
        text, seconds = clean(transcript.text), len(sound) / SAMPLE_RATE_HZ
        heard_s += seconds
        if text and transcript.log_prob >= min_log_prob:
            kept_s += seconds
            where = path.relative_to(folder)
            key = f"{where.with_suffix('').as_posix().replace('/', '-')}-{round(1000 * start_s):07}"
            times = f"{start_s:.3f}", f"{seconds:.3f}"
            rows.append((where.as_posix(), *times, "", "", folder.name, licence, key, text, "pseudo"))
        if number % 500 == 0:
            log.info("%d utterances, %.0f of %.0f s kept", number, kept_s, heard_s)
    log.info("%d of %d utterances, %.0f of %.0f s kept", len(rows), number, kept_s, heard_s)
    file = io.StringIO()
    writer = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n")
    writer.writerows([COLUMNS, *rows])
    table.parent.mkdir(exist_ok=True)
    write_atomically(table, file.getvalue().encode())
    return table


def utterances(recordings: list[Path]) -> Iterator[tuple[Path, float, Samples]]:
    """The utterances of recordings: file, start in seconds, samples ``(samples,)``."""
    detector = SpeechDetector()
    for clip, samples in load_clips([Clip(path, 0.0, 0.0, "", "", "", str(path)) for path in recordings]):
        sound = samples.astype(np.float32) / np.float32(32768)
        detector.reset()
        segmenter = Segmenter(SegmenterConfig())
        found = [one for frame in frames_of(sound) for one in segmenter.feed(frame, detector(frame))]
        for utterance in [*found, *segmenter.flush()]:
            yield clip.path, utterance.start_s, utterance.samples
