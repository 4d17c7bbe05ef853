"""Lists the clips of the corpora that people have, each told by the layout of its folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from voiceassist.errors import DataError
from voiceassist.train.data.corpus import Clip, data_folder, read_rows
from voiceassist.train.data.word_pieces import clean

SPLITS = ("train", "dev", "test")
COMMON_VOICE_TABLES = ("validated.tsv", "train.tsv")


def read_corpus(folder: Path, split: str) -> list[Clip]:
    """The clips of a split, ``train`` or ``dev``, in an order that is the same everywhere.

    Read are LibriSpeech (``*.trans.txt`` beside flac files, any part of its tree), Common Voice (``*.tsv`` beside
    ``clips/``) and folders with ``speech/<split>.tsv``. Clips whose text has digits or foreign letters are left out,
    for how they are spoken is not known.

    Raises:
        DataError: it is no such folder.
    """
    if (folder / "speech").is_dir():
        return _read_tables(folder, split)
    if (folder / "clips").is_dir() and any((folder / name).is_file() for name in COMMON_VOICE_TABLES):
        return _read_common_voice(folder, split)
    transcripts = sorted(folder.rglob("*.trans.txt"))
    if transcripts:
        return [clip for path in transcripts if _split_of(path) == split for clip in _read_transcript(path)]
    raise DataError(
        f"{folder} has no recordings with texts that can be read",
        hint="set VOICEASSIST_DATA or --corpus to a folder of LibriSpeech (*.trans.txt), of Common Voice (clips/) "
        "or to one with speech/train.tsv",
    )


def read_noise(folder: Path) -> list[Clip]:
    """The clips of ``noise/noise.tsv``; ``text`` is empty, ``source`` is the category."""
    return [
        Clip(
            folder / row["path"],
            float(row["start_s"]),
            float(row["seconds"]),
            row["author"],
            "",
            row["category"],
            f"noise/{index}",
        )
        for index, row in enumerate(read_rows(folder / "noise" / "noise.tsv"))
    ]


def has_noise(folder: Path) -> bool:
    """Whether the folder lists recordings of noise."""
    return (folder / "noise" / "noise.tsv").is_file()


def _read_tables(folder: Path, split: str) -> list[Clip]:
    return [
        Clip(
            path=folder / row["path"],
            start_s=float(row["start_s"]),
            seconds=float(row["seconds"]),
            speaker=row["speaker"],
            text=row["text"],
            source=row["source"],
            key=f"{row['source']}/{row['id']}",
            accent=row.get("accent") or "",
        )
        for row in read_rows(folder / "speech" / f"{split}.tsv")
    ]


def _split_of(transcript: Path) -> str:
    """By the nearest folder that LibriSpeech names ``train-clean-100`` and the like; ``train`` where there is none."""
    for part in reversed(transcript.parts):
        for split in SPLITS:
            if part.startswith(f"{split}-"):
                return split
    return "train"


def _read_transcript(path: Path) -> Iterator[Clip]:
    for line in path.read_text(encoding="utf-8").splitlines():
        name, _, spoken = line.partition(" ")
        text = clean(spoken)
        if text:
            sound = path.parent / f"{name}.flac"
            yield Clip(sound, 0.0, 0.0, f"ls{name.partition('-')[0]}", text, "librispeech", f"librispeech/{name}")


def _read_common_voice(folder: Path, split: str) -> list[Clip]:
    """Nobody who speaks in the publisher's dev or test clips is heard in training."""
    if split != "train":
        return _clips(folder, _rows_if_there(folder / f"{split}.tsv"))
    held_out = {row["client_id"] for name in ("dev", "test") for row in _rows_if_there(folder / f"{name}.tsv")}
    rows = _rows_if_there(folder / "validated.tsv") or read_rows(folder / "train.tsv")
    return _clips(folder, [row for row in rows if row["client_id"] not in held_out])


def _clips(folder: Path, rows: list[dict[str, str]]) -> list[Clip]:
    made = []
    for row in rows:
        text = clean(row["sentence"])
        if text:
            accent = row.get("accents") or row.get("accent") or ""
            name, key = folder / "clips" / row["path"], f"commonvoice/{Path(row['path']).stem}"
            made.append(Clip(name, 0.0, 0.0, row["client_id"][:16], text, "commonvoice", key, accent))
    return made


def _rows_if_there(table: Path) -> list[dict[str, str]]:
    return read_rows(table) if table.is_file() else []


def dev_speakers() -> dict[str, str]:
    """Who speaks in the dev clips of the data folder, by key."""
    return {clip.key: clip.speaker for clip in read_corpus(data_folder(), "dev") if clip.speaker}
