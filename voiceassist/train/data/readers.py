"""Lists the clips of LibriSpeech, Common Voice and tab separated corpora, distinguished by their folder layout."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from voiceassist.errors import DataError
from voiceassist.train.data.corpus import Clip, data_folder, read_rows
from voiceassist.train.data.word_pieces import clean

SPLITS = ("train", "dev", "test")
COMMON_VOICE_TABLES = ("validated.tsv", "train.tsv")


def read_corpus(folder: Path, split: str) -> list[Clip]:
    """The clips of a split, ``train`` or ``dev``, in the same order on every machine.

    Known layouts: LibriSpeech (``*.trans.txt`` beside flac files, any part of its tree), Common Voice (``*.tsv`` beside
    ``clips/``) and folders with ``speech/<split>.tsv``. Clips whose text has digits or foreign letters are left out,
    because their pronunciation is unknown.

    Raises:
        DataError: the folder has none of these layouts.
    """
    if (folder / "speech").is_dir():
        return _read_tables(folder, split)
    if (folder / "clips").is_dir() and any((folder / name).is_file() for name in COMMON_VOICE_TABLES):
        return _read_common_voice(folder, split)
    transcripts = sorted(folder.rglob("*.trans.txt"))
    if transcripts:
        return list(_read_librispeech(transcripts, split))
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
    """The rows of ``speech/<split>.tsv``; a folder for training only needs no other table than ``train.tsv``."""
    table = folder / "speech" / f"{split}.tsv"
    if split != "train" and not table.is_file() and (folder / "speech" / "train.tsv").is_file():
        return []
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
        for row in read_rows(table)
    ]


def _read_librispeech(transcripts: list[Path], split: str) -> Iterator[Clip]:
    """The split is in the name of the nearest folder, such as ``train-clean-100``; without one it is ``train``."""
    for path in transcripts:
        named = (name for part in reversed(path.parts) for name in SPLITS if part.startswith(f"{name}-"))
        if next(named, "train") != split:
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            name, _, spoken = line.partition(" ")
            text = clean(spoken)
            if text:
                sound = path.parent / f"{name}.flac"
                yield Clip(sound, 0.0, 0.0, f"ls{name.partition('-')[0]}", text, "librispeech", f"librispeech/{name}")


def _read_common_voice(folder: Path, split: str) -> list[Clip]:
    """Speakers of the publisher's dev and test clips are left out of training."""
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
    """Speakers of the dev clips of the data folder, by clip key."""
    return {clip.key: clip.speaker for clip in read_corpus(data_folder(), "dev") if clip.speaker}
