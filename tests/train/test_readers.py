"""Corpora as their publishers pack them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.errors import DataError
from voiceassist.train.data.corpus import load_clips
from voiceassist.train.data.prepare import prepare
from voiceassist.train.data.readers import read_corpus
from voiceassist.train.data.store import AudioStore
from voiceassist.train.data.word_pieces import clean

RATE_HZ = 48_000


def tone(path: Path, frequency_hz: float, rate_hz: int, **how: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, 0.5 * np.sin(2 * np.pi * frequency_hz * np.arange(rate_hz) / rate_hz), rate_hz, **how)


def loudest_hz(samples: np.ndarray) -> float:
    return float(np.abs(np.fft.rfft(samples.astype(float))).argmax() * 16_000 / len(samples))


@pytest.fixture
def librispeech(tmp_path: Path) -> Path:
    root = tmp_path / "LibriSpeech"
    for part, speaker, lines in (
        ("train-clean-100", "19", ["A CHAPTER OF IT'S OWN", "SECOND LINE"]),
        ("dev-clean", "84", ["HELD OUT"]),
        ("test-clean", "61", ["NEVER READ"]),
    ):
        chapter = root / part / speaker / "7"
        for number, _ in enumerate(lines):
            tone(chapter / f"{speaker}-7-{number:04}.flac", 400 + 200 * number, 16_000)
        text = "".join(f"{speaker}-7-{number:04} {line}\n" for number, line in enumerate(lines))
        (chapter / f"{speaker}-7.trans.txt").write_text(text)
    return root


def write_table(path: Path, rows: list[tuple[str, str, str, str]]) -> None:
    lines = ["client_id\tpath\tsentence\tup_votes\taccents", *("\t".join([a, b, c, "2", d]) for a, b, c, d in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def common_voice(tmp_path: Path) -> Path:
    root = tmp_path / "cv" / "en"
    anna = ("anna" * 8, "a.mp3", "\u201cDon\u2019t stop\u201d, she said.", "Scottish English")
    berta = ("berta", "b.mp3", "Été-time!", "")
    number, held = ("anna" * 8, "c.mp3", "It is 5 o'clock", ""), ("dora", "d.mp3", "Held out", "")
    same_speaker = ("dora", "e.mp3", "The same voice again", "")
    for row in (anna, berta, number, held, same_speaker):
        tone(root / "clips" / row[1], 700, RATE_HZ, format="MP3")
    write_table(root / "validated.tsv", [anna, berta, number, held, same_speaker])
    write_table(root / "dev.tsv", [held])
    return root


def test_librispeech_is_read_by_its_splits(librispeech: Path) -> None:
    train = read_corpus(librispeech, "train")
    assert [(clip.text, clip.speaker, clip.key) for clip in train] == [
        ("a chapter of it's own", "ls19", "librispeech/19-7-0000"),
        ("second line", "ls19", "librispeech/19-7-0001"),
    ]
    assert [clip.text for clip in read_corpus(librispeech, "dev")] == ["held out"]
    assert read_corpus(librispeech / "train-clean-100", "train") == train
    heard = [loudest_hz(samples) for _, samples in load_clips(train)]
    assert heard == pytest.approx([400, 600], abs=5)


def test_common_voice_keeps_the_held_out_voices_out(common_voice: Path) -> None:
    train = read_corpus(common_voice, "train")
    assert [(clip.text, clip.speaker, clip.accent) for clip in train] == [
        ("don't stop she said", "anna" * 4, "Scottish English"),
        ("ete time", "berta", ""),
    ]
    assert [clip.text for clip in read_corpus(common_voice, "dev")] == ["held out"]
    ((_, samples), _) = load_clips(train)
    assert len(samples) == pytest.approx(16_000, abs=2_500)  # an mp3 has padding
    assert loudest_hz(samples) == pytest.approx(700, abs=5)


def test_several_corpora_become_one_store(librispeech: Path, common_voice: Path, tmp_path: Path) -> None:
    noise = tmp_path / "sounds"
    tone(noise / "noise" / "n.wav", 100, 16_000)
    (noise / "noise" / "noise.tsv").write_text(
        "path\tstart_s\tseconds\tauthor\tcategory\n" + "noise/n.wav\t0\t0.1\tus\thum\n" * 6
    )
    (noise / "speech").mkdir()
    for split in ("train", "dev"):
        (noise / "speech" / f"{split}.tsv").write_text("path\tstart_s\tseconds\tspeaker\tsource\tid\ttext\n")
    corpora = [librispeech, common_voice, noise]
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "pronunciations.npy").touch()  # training the tree takes a minute, and is tested elsewhere
    prepare(tmp_path / "out", pieces=24, synthetic=0, corpora=corpora, processes=0)
    store = AudioStore(tmp_path / "out" / "train")
    assert [(item.source, item.speaker) for item in store.items] == [
        ("librispeech", "ls19"), ("librispeech", "ls19"), ("commonvoice", "anna" * 4), ("commonvoice", "berta"),
    ]  # fmt: skip
    assert len(AudioStore(tmp_path / "out" / "noise").items) == 4
    with pytest.raises(DataError, match="noise"):
        prepare(tmp_path / "out2", pieces=24, synthetic=0, corpora=[librispeech], processes=0)


def test_a_folder_for_training_only_needs_no_dev_table(tmp_path: Path) -> None:
    tone(tmp_path / "speech" / "more.wav", 500, 16_000)
    header = "path\tstart_s\tseconds\tspeaker\taccent\tsource\tlicence\tid\ttext\tlabel\n"
    row = "speech/more.wav\t0.1\t0.5\t\t\tcv16u\tCC0-1.0\t7\tsweet\tpseudo\n"
    (tmp_path / "speech" / "train.tsv").write_text(header + row)
    assert [(clip.key, clip.text) for clip in read_corpus(tmp_path, "train")] == [("cv16u/7", "sweet")]
    assert read_corpus(tmp_path, "dev") == []
    (tmp_path / "speech" / "train.tsv").unlink()
    with pytest.raises(DataError, match="dev"):
        read_corpus(tmp_path, "dev")


def test_a_folder_of_something_else_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="LibriSpeech"):
        read_corpus(tmp_path, "train")


@pytest.mark.parametrize(
    ("written", "spoken"),
    [("\u201cWell\u2014no,\u201d he said\u2026", "well no he said"),
     ("rock 'n' roll", "rock n roll"), ("Ça va", "ca va"), ("5 apples", ""),
     ("a & b", ""), ("привет", ""), ("  ", ""), ("O'Neil's", "o'neil's")],
)  # fmt: skip
def test_texts_are_written_as_they_are_spoken(written: str, spoken: str) -> None:
    assert clean(written) == spoken


@given(st.text())
def test_clean_text_is_plain_and_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert set(once) <= set("abcdefghijklmnopqrstuvwxyz' ")
    assert "  " not in once
