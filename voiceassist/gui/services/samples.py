"""The recording that a new model has to decode before it is trusted, and that the smoke test speaks."""

from __future__ import annotations

from pathlib import Path

from voiceassist.domain import Utterance
from voiceassist.errors import SoundFileError

_SUFFIXES = (".wav", ".flac", ".ogg", ".opus")


def sample_files(folder: Path) -> list[Path]:
    """The sound files of a folder, by name, WAV first."""
    found = [path for path in folder.glob("*") if path.suffix.lower() in _SUFFIXES]
    return sorted(found, key=lambda path: (_SUFFIXES.index(path.suffix.lower()), path.name))


def first_sample(folder: Path) -> Utterance:
    """The first recording of a folder.

    Raises:
        SoundFileError: there is none, or it cannot be read.
    """
    from voiceassist.audio.files import read_sound  # noqa: PLC0415 - the window is drawn before sound is needed

    files = sample_files(folder)
    if not files:
        raise SoundFileError(
            f"There is no sample recording in {folder}.",
            hint="Install voiceassist again: the samples came with it.",
        )
    return Utterance(read_sound(files[0]))
