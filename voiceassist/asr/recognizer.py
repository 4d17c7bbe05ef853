"""From a waveform to CTC log-probabilities: one model pack at work."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self

import numpy as np
import onnxruntime
import sentencepiece
from numpy.typing import NDArray

from voiceassist.asr.memory import release_free_memory
from voiceassist.domain import Samples
from voiceassist.errors import GrammarError, PackError, UsageError
from voiceassist.packs.pack import Pack

MIN_SAMPLES = 1_600
"""Shorter sound is filled up with silence to 100 ms: less holds no word, and the graph needs a frame.
Not more than needed, since the silence counts in the mean that is taken off the features."""
TRIM_SAMPLES = 16_000 * 6
"""After longer sound the memory of its activations goes back to the system."""
_WORD_START = "▁"
_HINT = "install the pack again, or choose another with `voiceassist models list`"


class Recognizer:
    """Runs the encoder of a pack and knows its word pieces.

    Thread: any; calls from several threads do not disturb each other.

    Args:
        pack: a verified pack.
        threads: to compute with; one is enough for commands and leaves the machine to its user.

    Raises:
        PackError: the pack's files are no model and word pieces that fit together.
    """

    def __init__(self, pack: Pack, *, threads: int = 1) -> None:
        if threads < 1:
            raise UsageError(f"cannot compute with {threads} threads", hint="use at least one")
        self.pack = pack
        self.blank = pack.manifest.blank
        self.frame_ms = pack.manifest.frame_ms
        self._pieces = _load_pieces(pack)
        self._session: onnxruntime.InferenceSession | None = _load_session(pack, threads)
        release_free_memory()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def closed(self) -> bool:
        """The model was freed."""
        return self._session is None

    def close(self) -> None:
        """Frees the model; calls that are under way still finish."""
        self._session = None
        release_free_memory()

    def log_probs(self, samples: Samples, turns: int | None = None) -> NDArray[np.float32]:
        """Log-probabilities of every token in every frame.

        Args:
            samples: the sound. Shape: ``(samples,)``.
            turns: how many layers to run, all by default; fewer are faster and less accurate.

        Returns:
            Shape: ``(frames, tokens)``.

        Raises:
            UsageError: ``turns`` is more than the pack has, or the recognizer was closed.
            PackError: the model could not be run.
        """
        if samples.ndim != 1:
            raise ValueError(f"samples have the shape {samples.shape}, one channel is wanted")
        waveform = np.zeros((1, max(len(samples), MIN_SAMPLES)), dtype=np.float32)
        waveform[0, : len(samples)] = samples
        feed = {"waveform": waveform, "turns": np.array(self._checked(turns), dtype=np.int64)}
        session = self._session
        if session is None:
            raise UsageError("the recognizer was closed", hint="open the pack again")
        try:
            (result,) = session.run(["log_probs"], feed)
        except Exception as error:
            raise PackError(f"the model {self.pack.name!r} failed: {_first_line(error)}", hint=_HINT) from error
        if len(samples) > TRIM_SAMPLES:
            release_free_memory()
        frames: NDArray[np.float32] = result[0]
        return frames

    def encode_word(self, word: str) -> tuple[int, ...]:
        """The pieces that write a word.

        Raises:
            GrammarError: it is not one word, or has letters that the model never learned.
        """
        if not word or _WORD_START in word or any(letter.isspace() for letter in word):
            raise GrammarError(f"{word!r} is not one word", hint="write words apart, without line breaks")
        tokens = tuple(int(token) for token in self._pieces.encode(word))
        if self.blank in tokens or self._pieces.unk_id() in tokens:
            raise GrammarError(
                f"the model {self.pack.name!r} cannot hear {word!r}: {self._foreign(word)}",
                hint="spell it as it is spoken, in lower case letters and without digits or signs",
            )
        return tokens

    def decode(self, tokens: Sequence[int]) -> str:
        """The text of pieces; blanks and unknown pieces write nothing."""
        silent = {self.blank, self._pieces.unk_id()}
        return str(self._pieces.decode([int(token) for token in tokens if token not in silent])).strip()

    def _checked(self, turns: int | None) -> int:
        layers = self.pack.manifest.layers
        if turns is None:
            return layers
        if not 1 <= turns <= layers:
            raise UsageError(
                f"a depth of {turns} is not possible with {self.pack.name!r}", hint=f"choose from 1 to {layers}"
            )
        return turns

    def _foreign(self, word: str) -> str:
        pieces = self._pieces
        spoken = (token for token in range(len(pieces)) if not (pieces.is_control(token) or pieces.is_unknown(token)))
        known = {letter for token in spoken for letter in pieces.id_to_piece(token)}
        foreign = sorted({letter for letter in word if letter not in known})
        return f"it never learned {', '.join(map(repr, foreign))}" if foreign else "it cannot be written in its pieces"


def check_pack(pack: Pack) -> None:
    """Lets a pack listen to a second of soft noise, at full and at least depth.

    Raises:
        PackError: it cannot be loaded, or what comes out are no probabilities.
    """
    noise = np.random.default_rng(0).normal(scale=0.01, size=16_000).astype(np.float32)
    with Recognizer(pack) as recognizer:
        for turns in (1, None):
            total = np.exp(recognizer.log_probs(noise, turns)).sum(axis=1)
            if not np.allclose(total, 1, atol=1e-3):
                raise PackError(f"the model {pack.name!r} gives no probabilities", hint=_HINT)


def _load_pieces(pack: Pack) -> sentencepiece.SentencePieceProcessor:
    try:
        pieces = sentencepiece.SentencePieceProcessor(model_proto=pack.tokens_file.read_bytes())
    except (OSError, RuntimeError) as error:
        raise PackError(f"the word pieces of {pack.name!r} cannot be read: {_first_line(error)}", hint=_HINT) from error
    if len(pieces) != pack.manifest.tokens:
        raise PackError(f"{pack.name!r} has {len(pieces)} word pieces for {pack.manifest.tokens} tokens", hint=_HINT)
    if not pieces.is_control(pack.manifest.blank):
        raise PackError(f"token {pack.manifest.blank} of {pack.name!r} is a word piece, not the blank", hint=_HINT)
    return pieces


def _load_session(pack: Pack, threads: int) -> onnxruntime.InferenceSession:
    try:
        session = onnxruntime.InferenceSession(
            str(pack.model_file), _session_options(threads), providers=["CPUExecutionProvider"]
        )
    except Exception as error:
        raise PackError(f"the model {pack.name!r} cannot be loaded: {_first_line(error)}", hint=_HINT) from error
    found = [(value.name, value.type, len(value.shape)) for value in (*session.get_inputs(), *session.get_outputs())]
    wanted = [("waveform", "tensor(float)", 2), ("turns", "tensor(int64)", 0), ("log_probs", "tensor(float)", 3)]
    if found != wanted or session.get_outputs()[0].shape[2] != pack.manifest.tokens:
        raise PackError(f"the model {pack.name!r} does not have the inputs and outputs of a pack", hint=_HINT)
    return session


def _session_options(threads: int) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 4  # what goes wrong is raised; nothing is printed
    options.enable_cpu_mem_arena = False  # an arena keeps the peak of the longest sound for good
    options.enable_mem_pattern = False  # lengths differ each time, and every pattern is kept
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
