"""What goes into training: clips, times, phrases, changes."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.errors import DataError
from voiceassist.train.data.augmentation import AugmentConfig, Augmenter
from voiceassist.train.data.batches import length_class, shuffled_batches
from voiceassist.train.data.clip_table import ALIGNED_SLACK_MS, ANY_TIME_MS, read_clip_table
from voiceassist.train.data.corpus import load_clips
from voiceassist.train.data.forced_alignment import Span
from voiceassist.train.data.readers import read_corpus
from voiceassist.train.data.store import AudioStore, StoredClip, write_store
from voiceassist.train.data.synthesis import PhraseMaker, synthesise
from voiceassist.train.data.word_pieces import Pieces, train_pieces
from voiceassist.train.evaluation.phrase_set import cut_phrases
from voiceassist.train.evaluation.wer import edit_distance
from voiceassist.train.phones import NO_PHONE, PHONES

TEXTS = ["set a timer for ten minutes", "what time is it now", "open the big jazz quiz box", "mute the very fuzzy word"]


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> Pieces:
    path = tmp_path_factory.mktemp("pieces") / "tokens.model"
    train_pieces(TEXTS * 20, path, 34)
    return Pieces(path)


def test_clips_of_a_longer_file_are_cut_where_the_table_says(tmp_path: Path) -> None:
    sound = np.arange(32_000, dtype=np.int16)
    (tmp_path / "speech").mkdir()
    soundfile.write(tmp_path / "speech" / "long.wav", sound, 16_000)
    (tmp_path / "speech" / "dev.tsv").write_text(
        "path\tstart_s\tseconds\tspeaker\taccent\tsource\tlicence\tid\ttext\n"
        "speech/long.wav\t0.500\t0.250\tanna\t\tmine\tCC0\t7\thello there\n"
    )
    ((clip, samples),) = load_clips(read_corpus(tmp_path, "dev"))
    assert (clip.key, clip.text, clip.speaker) == ("mine/7", "hello there", "anna")
    assert np.abs(samples - sound[8_000:12_000]).max() <= 1


def test_missing_data_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="VOICEASSIST_DATA"):
        read_corpus(tmp_path, "dev")
    with pytest.raises(DataError, match="prepare"):
        AudioStore(tmp_path)


def test_a_store_gives_back_what_was_written(tmp_path: Path) -> None:
    sounds = [np.full(length, length, np.int16) for length in (300, 500)]
    words = (Span("hello", 10, 200),)
    items = [StoredClip("a/1", "a", 0, 0, "hello", words), StoredClip("a/2", "a", 0, 0, "")]
    assert write_store(tmp_path, zip(items, sounds, strict=True)) == 2
    store = AudioStore(tmp_path)
    assert [(item.key, item.begin, item.samples) for item in store.items] == [("a/1", 0, 300), ("a/2", 300, 500)]
    assert store.items[0].words == words
    assert store.float_sound(store.items[1]) == pytest.approx(np.full(500, 500 / 32768))


def test_an_interrupted_store_is_no_store(tmp_path: Path) -> None:
    def broken():  # type: ignore[no-untyped-def]
        yield StoredClip("a/1", "a", 0, 0, ""), np.zeros(10, np.int16)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_store(tmp_path, broken())
    with pytest.raises(DataError):
        AudioStore(tmp_path)


@given(st.integers(0, 1000))
def test_phrases_can_all_be_written_in_pieces(seed: int) -> None:
    for phrase in PhraseMaker(["jazz", "o'clock", "quiz"], seed).draw(50):
        assert re.fullmatch(r"[a-z']+( [a-z']+)*", " ".join(phrase.split())), phrase


def test_synthetic_speech_comes_with_its_phones() -> None:
    ((text, sound, phones),) = synthesise(["open the door"], processes=1)
    assert text == "open the door"
    assert [span.label for span in phones][:3] == ["OW", "P", "AH"]
    assert all(span.label in PHONES for span in phones)
    assert phones[-1].end_ms <= len(sound) / 16


def test_pieces_are_near_their_word_and_unknown_times_allow_everything(tmp_path: Path, pieces: Pieces) -> None:
    words = (Span("open", 1000, 1400), Span("the", 1400, 1500))
    known = StoredClip("a/1", "a", 0, 0, "open the", words, (Span("OW", 1000, 1200),))
    unknown = StoredClip("a/2", "a", 0, 0, "open the")
    sound = np.zeros(32_000, np.int16)
    write_store(tmp_path, [(known, sound), (unknown, sound)])
    table = read_clip_table([tmp_path], pieces, max_clip_s=10)
    first_of_the, count = len(pieces.encode("open")), len(pieces.encode("open the"))
    assert table.piece_count.tolist() == [count, count]
    assert table.earliest_ms[0] == 1000 - ALIGNED_SLACK_MS
    assert table.latest_ms[count - 1] == 1500 + ALIGNED_SLACK_MS
    assert table.earliest_ms[first_of_the] == 1400 - ALIGNED_SLACK_MS
    assert table.word_piece.tolist() == [0, first_of_the]
    assert table.phones[110] == PHONES.index("OW")
    assert table.phones[50] == 0
    assert table.aligned.tolist() == [True, False]
    assert (table.phones[table.step_begin[1] :] == NO_PHONE).all()
    assert table.earliest_ms[count:].max() == -ANY_TIME_MS
    assert table.latest_ms[count:].min() == ANY_TIME_MS


def test_clips_too_long_too_short_or_too_fast_are_left_out(tmp_path: Path, pieces: Pieces) -> None:
    texts_and_samples = [
        ("open", 16_000),
        ("open", 170_000),
        ("open", 1_000),
        ("set a timer for ten", 5_000),
        ("", 16_000),
    ]
    items = [
        (StoredClip(f"a/{n}", "a", 0, 0, text), np.zeros(samples, np.int16))
        for n, (text, samples) in enumerate(texts_and_samples)
    ]
    write_store(tmp_path, items)
    assert read_clip_table([tmp_path], pieces, max_clip_s=10).samples.tolist() == [16_000]


def test_several_stores_become_one_table(tmp_path: Path, pieces: Pieces) -> None:
    for number, name in enumerate(("one", "two")):
        sound = np.full(20_000, number + 1, np.int16)
        write_store(tmp_path / name, [(StoredClip(f"{name}/1", "a", 0, 0, "open the"), sound)] * 2)
    table = read_clip_table([tmp_path / "one", tmp_path / "two"], pieces, max_clip_s=10)
    assert table.store.tolist() == [0, 0, 1, 1]
    assert [table.sound[begin] for begin in table.begin] == [1, 1, 2, 2]


@given(st.lists(st.integers(16_000, 80_000), min_size=40, max_size=60), st.integers(1, 3), st.integers(0, 99))
def test_every_segment_is_in_one_batch_and_all_batches_but_one_are_full(
    lengths: list[int], size: int, seed: int
) -> None:
    samples = np.array(lengths)
    shares = [list(shuffled_batches(samples, 12, seed, rank, size)) for rank in range(size)]
    counts = [sum(map(len, batch)) for batch in zip(*shares, strict=True)]
    full = {size * (24 // steps) for steps in length_class(samples).tolist()}
    assert sum(count not in full for count in counts) <= 1
    for batch in zip(*shares, strict=True):
        assert sum(map(len, batch)) * length_class(samples[np.concatenate(batch)]).max() <= size * 24
    seen = [int(index) for share in shares for batch in share for index in batch]
    assert len(seen) == len(set(seen)) > len(lengths) - size


def test_batches_are_shuffled_by_seed() -> None:
    samples = np.random.default_rng(0).integers(16_000, 80_000, 60)
    one, again, other = ([batch.tolist() for batch in shuffled_batches(samples, 12, seed)] for seed in (3, 3, 4))
    assert one == again != other


def test_augmentation_says_where_the_sound_went() -> None:
    """A click is found again at the time that offset and speed give it."""
    quiet = AugmentConfig(noise_prob=0, room_prob=0)
    sound = torch.zeros(6, 16_000)
    sound[:, 8_000:8_010] = 1.0
    changed = Augmenter(quiet, torch.randn(50_000), seed=1)(sound, torch.full((6,), 16_000))
    expected_ms = changed.offset_ms + 500 / changed.speed
    found_ms = changed.sound.abs().argmax(dim=1) / 16
    assert torch.allclose(found_ms, expected_ms, atol=1.0)
    assert (changed.sound.shape[1] >= changed.lengths).all()
    assert len(set(changed.speed.tolist())) == 6


@given(st.lists(st.integers(8_001, 16_000), min_size=1, max_size=5), st.floats(0, 0.2), st.integers(0, 99))
def test_clips_of_a_class_fill_one_shape_and_are_all_there(lengths: list[int], speed: float, seed: int) -> None:
    """Whatever speed is drawn, a batch has the shape of its class, and no clip begins or ends outside."""
    config = AugmentConfig(noise_prob=0, room_prob=0, speed=speed)
    sound = torch.zeros(len(lengths), max(lengths))
    changed = Augmenter(config, torch.randn(20_000), seed)(sound, torch.tensor(lengths))
    widest = Augmenter(config, torch.randn(20_000), seed)(torch.zeros(1, 16_000), torch.tensor([16_000]))
    assert changed.sound.shape[1] == widest.sound.shape[1]
    assert (changed.lengths == changed.sound.shape[1]).all()
    end_ms = changed.offset_ms + torch.tensor(lengths) / 16 / changed.speed
    assert (changed.offset_ms >= 0).all()
    assert (end_ms <= changed.sound.shape[1] / 16 + 0.1).all()


def test_noise_arrives_at_the_level_that_was_drawn() -> None:
    loud = AugmentConfig(noise_prob=1, room_prob=0, snr_db=(0.0, 0.0), gain_db=0, speed=0, silence_s=0)
    sound = torch.sin(torch.arange(16_000) * 0.3)[None].repeat(3, 1)
    changed = Augmenter(loud, torch.randn(100_000), seed=1)(sound, torch.full((3,), 16_000))
    noise = changed.sound[:, :16_000] - sound
    assert torch.allclose(noise.pow(2).mean(1), sound.pow(2).mean(1), rtol=0.5)


@given(st.lists(st.sampled_from("abc"), max_size=6), st.lists(st.sampled_from("abc"), max_size=6))
def test_edit_distance_is_a_metric_with_known_ends(one: list[str], other: list[str]) -> None:
    distance = edit_distance(one, other)
    assert distance == edit_distance(other, one)
    assert (distance == 0) == (one == other)
    assert abs(len(one) - len(other)) <= distance <= max(len(one), len(other))


def test_phrases_are_cut_at_their_words(tmp_path: Path) -> None:
    words = tuple(Span(word, 500 * n, 500 * n + 500) for n, word in enumerate(["what", "time", "is", "it", "now"]))
    sound = np.repeat(np.arange(1, 6, dtype=np.int16), 8_000) * 1000
    write_store(tmp_path, [(StoredClip("a/1", "a", 0, 0, "what time is it now", words), sound)])
    phrases = cut_phrases(AudioStore(tmp_path), 5)
    assert len({phrase.text for phrase in phrases}) == len(phrases) > 1
    for phrase in phrases:
        assert phrase.text in "what time is it now"
        loudness = np.round(phrase.samples[np.abs(phrase.samples) > 0.02] * 32.768).astype(int)
        first = ["what", "time", "is", "it", "now"].index(phrase.text.split()[0])
        assert np.bincount(loudness).argmax() in range(first + 1, first + 1 + len(phrase.text.split()))
