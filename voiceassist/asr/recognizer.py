"""From a waveform to the log-probabilities of phones and word pieces: one model pack at work."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cached_property
from types import TracebackType
from typing import NamedTuple, Self

import numpy as np
import onnxruntime
import sentencepiece
from numpy.typing import NDArray

from voiceassist.asr.ctc import greedy
from voiceassist.asr.frame_phase import aligned
from voiceassist.asr.letter_model import LetterModel
from voiceassist.asr.memory import release_free_memory
from voiceassist.asr.pronunciation import LETTERS, Pronunciations
from voiceassist.asr.transcription import Transcriber
from voiceassist.asr.watchdog import RunWatchdog
from voiceassist.domain import SAMPLE_RATE_HZ, Samples
from voiceassist.errors import GrammarError, PackError, UsageError, VoiceAssistError
from voiceassist.packs.manifest import MODEL_NAME, PRONUNCIATIONS_NAME, TOKENS_NAME
from voiceassist.packs.pack import Pack
from voiceassist.paths import default_paths

log = logging.getLogger(__name__)

LEAD_FRAMES = 3
"""Frames of silence before each sound. In training a voice that is there from the first sample is a voice in the
background: a first word without silence before it ("don't ...") went unheard."""
MIN_SAMPLES = 1_600
"""Shorter sound is filled up with silence to 100 ms: less holds no word, and the graph needs a frame.
Not more than needed, since the silence counts in the mean that is taken off the features."""
TRIM_SAMPLES = 16_000 * 6
"""After longer sound the memory of its activations goes back to the system."""
MAX_RUN_S = 8.0
_WORD_START = "▁"
_HINT = "install the pack again, or choose another with `voiceassist models list`"


SILENCE = 0
"""The phone of silence; to the search it is what the blank is in CTC."""


class Posteriors(NamedTuple):
    """What the model gives for each frame.

    Attributes:
        phones: log-probabilities that commands are searched in. Shape: ``(frames, phones)``.
        pieces: log-probabilities that free text is written from. Shape: ``(frames, tokens)``.
    """

    phones: NDArray[np.float32]
    pieces: NDArray[np.float32]


class Recognizer:
    """Runs the encoder of a pack and knows its phones and word pieces.

    Thread: any; calls from several threads do not disturb each other.

    Args:
        pack: a verified pack.
        threads: to compute with; one is enough for commands and leaves the machine to its user.
        max_run_s: a run may take so long and as long as its sound lasts; then it is ended.

    Raises:
        PackError: the pack's files are no model, word pieces and pronunciations that fit together.
    """

    def __init__(self, pack: Pack, *, threads: int = 1, max_run_s: float = MAX_RUN_S) -> None:
        if threads < 1:
            raise UsageError(f"cannot compute with {threads} threads", hint="use at least one")
        self.pack = pack
        self.blank = pack.manifest.blank
        self.frame_ms = pack.manifest.frame_ms
        self._pieces = _load_pieces(pack)
        self._pronunciations: Pronunciations | None = None
        _load_pronunciations(pack)  # a damaged pack is found out here, not by the first word
        self._watchdog = RunWatchdog()
        self._max_run_s = max_run_s
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
        self._session = self._pronunciations = None
        self._watchdog.close()
        release_free_memory()

    def hear(self, samples: Samples, depth: int | None = None) -> Posteriors:
        """Log-probabilities of every phone and every word piece in every frame.

        Args:
            samples: the sound. Shape: ``(samples,)``.
            depth: how many layers to run, all by default; fewer are faster and less accurate.

        Raises:
            UsageError: ``depth`` is more than the pack has, or the recognizer was closed.
            PackError: the model could not be run.
        """
        if samples.ndim != 1:
            raise ValueError(f"samples have the shape {samples.shape}, one channel is wanted")
        samples = aligned(samples, self.frame_ms)
        lead = LEAD_FRAMES * round(self.frame_ms * SAMPLE_RATE_HZ / 1000)
        waveform = np.zeros((1, lead + max(len(samples), MIN_SAMPLES)), dtype=np.float32)
        waveform[0, lead : lead + len(samples)] = samples
        feed = {"waveform": waveform, "turns": np.array(self._checked(depth), dtype=np.int64)}
        session = self._session
        if session is None:
            raise UsageError("the recognizer was closed", hint="open the pack again")
        if self._pronunciations is not None:
            self._pronunciations = None
            release_free_memory()
        try:
            with self._watchdog.limited(self._max_run_s + waveform.size / SAMPLE_RATE_HZ) as run_options:
                pieces, phones = session.run(["log_probs", "phones"], feed, run_options)
        except Exception as error:
            raise PackError(f"the model {self.pack.name!r} failed: {_first_line(error)}", hint=_HINT) from error
        if len(pieces) != 1 or len(phones) != 1 or pieces.shape[1] != phones.shape[1]:
            raise PackError(f"the model {self.pack.name!r} gives other rows than it was given", hint=_HINT)
        if len(samples) > TRIM_SAMPLES:
            release_free_memory()
        return Posteriors(phones[0, LEAD_FRAMES:], pieces[0, LEAD_FRAMES:])

    def pronounce(self, word: str) -> tuple[tuple[int, ...], ...]:
        """The ways to say a word in phones, the most usual first.

        The pronunciations are read with the first word, 2 MB, and freed with the next sound: commands are compiled
        rarely, and listening does not need them.

        Raises:
            GrammarError: it is not one word, has letters that the model never learned, or makes no sound.
            UsageError: the recognizer was closed.
            PackError: the pack has changed since it was opened.
        """
        if not word or any(letter.isspace() for letter in word):
            raise GrammarError(f"{word!r} is not one word", hint="write words apart, without line breaks")
        foreign = sorted(set(word) - set(LETTERS))
        if self.closed:
            raise UsageError("the recognizer was closed", hint="open the pack again")
        pronunciations = self._pronunciations  # another thread may free it meanwhile
        if pronunciations is None:
            pronunciations = self._pronunciations = _load_pronunciations(self.pack)
        ways = () if foreign else pronunciations.ways(word)
        if not ways:
            why = f"it never learned {', '.join(map(repr, foreign))}" if foreign else "it makes no sound"
            raise GrammarError(
                f"the model {self.pack.name!r} cannot hear {word!r}: {why}",
                hint="spell it as it is spoken, in lower case letters and without digits or signs",
            )
        return ways

    def spell(self, words: Sequence[str]) -> tuple[int, ...] | None:
        """The pieces that write words; ``None`` where one has a letter that no piece has."""
        tokens = tuple(int(token) for token in self._pieces.encode(" ".join(words)))
        return None if self.blank in tokens or self._pieces.unk_id() in tokens else tokens

    def starts_word(self, token: int) -> bool:
        """Whether a new word begins with a piece."""
        return str(self._pieces.id_to_piece(token)).startswith(_WORD_START)

    def decode(self, tokens: Sequence[int]) -> str:
        """The text of pieces; blanks and unknown pieces write nothing."""
        silent = {self.blank, self._pieces.unk_id()}
        return str(self._pieces.decode([int(token) for token in tokens if token not in silent])).strip()

    def transcribe(self, pieces: NDArray[np.float32]) -> str:
        """Free text of frames, written with the letter model that comes with the program; greedy where that is missing.

        Args:
            pieces: log-probabilities of word pieces. Shape: ``(frames, tokens)``.
        """
        if self._transcriber is None:
            return self.decode(greedy(pieces, self.blank))
        return self._transcriber.transcribe(pieces)

    @cached_property
    def _transcriber(self) -> Transcriber | None:
        try:
            letters = LetterModel.load(default_paths().letter_model)
        except VoiceAssistError as error:
            log.warning("free text is written without a letter model: %s", error)
            return None
        silent = {self.blank, self._pieces.unk_id()}
        texts = (str(self._pieces.id_to_piece(token)).replace(_WORD_START, " ") for token in range(len(self._pieces)))
        return Transcriber(letters, ["" if token in silent else text for token, text in enumerate(texts)], self.blank)

    def _checked(self, depth: int | None) -> int:
        layers = self.pack.manifest.layers
        if depth is None:
            return layers
        if not 1 <= depth <= layers:
            raise UsageError(
                f"a depth of {depth} is not possible with {self.pack.name!r}", hint=f"choose from 1 to {layers}"
            )
        return depth


def _load_pronunciations(pack: Pack) -> Pronunciations:
    return Pronunciations(pack.read(PRONUNCIATIONS_NAME), pack.manifest.phones)


def _load_pieces(pack: Pack) -> sentencepiece.SentencePieceProcessor:
    try:
        pieces = sentencepiece.SentencePieceProcessor(model_proto=pack.read(TOKENS_NAME))
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
            pack.read(MODEL_NAME), _session_options(threads), providers=["CPUExecutionProvider"]
        )
    except Exception as error:
        raise PackError(f"the model {pack.name!r} cannot be loaded: {_first_line(error)}", hint=_HINT) from error
    session._model_bytes = None  # noqa: SLF001  its wrapper would keep the whole file for other providers
    found = [(value.name, value.type, len(value.shape)) for value in (*session.get_inputs(), *session.get_outputs())]
    wanted = [
        ("waveform", "tensor(float)", 2), ("turns", "tensor(int64)", 0),
        ("log_probs", "tensor(float)", 3), ("phones", "tensor(float)", 3),
    ]  # fmt: skip
    classes = [value.shape[-1] for value in session.get_outputs()]
    if found != wanted or classes != [pack.manifest.tokens, len(pack.manifest.phones)]:
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
