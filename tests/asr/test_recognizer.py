"""A pack at work: sound in, log-probabilities out, and how words sound."""

from __future__ import annotations

import subprocess
import threading
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import sentencepiece
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packfactory import SOUNDS, TEXTS, TOKENS, make_pack, tokens_bytes

from voiceassist.asr.recognizer import MIN_SAMPLES, Recognizer
from voiceassist.audio.files import read_sound
from voiceassist.domain import Samples
from voiceassist.errors import GrammarError, PackError, UsageError
from voiceassist.packs.pack import Pack, open_pack
from voiceassist.packs.writer import WordFiles, write_pack_folder
from voiceassist.train.phones import PHONES

WORDS = sorted({word for text in TEXTS for word in text.split()})

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return open_pack(make_pack(tmp_path_factory.mktemp("recognizer") / "tiny", layers=3))


@pytest.fixture(scope="module")
def recognizer(pack: Pack) -> Recognizer:
    return Recognizer(pack)


def _noise(samples: int) -> Samples:
    return np.random.default_rng(samples).normal(scale=0.05, size=samples).astype(np.float32)


def _broken(pack: Pack, folder: Path, *, model: bytes | None = None, **changes: Any) -> Pack:
    """A pack whose hashes are right and whose contents are not."""
    manifest = replace(pack.manifest, **changes)
    data = pack.model_file.read_bytes() if model is None else model
    words = WordFiles(pack.tokens_file, pack.pronunciations_file)
    return write_pack_folder(folder / manifest.name, manifest, words, lambda path: _write(path, data))


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(samples=st.integers(0, 40_000))
def test_any_length_gives_probabilities_for_every_frame(recognizer: Recognizer, samples: int) -> None:
    heard = recognizer.hear(_noise(samples))
    frames_ms = 1000 * max(samples, MIN_SAMPLES) / 16_000
    assert [log_probs.shape[1] for log_probs in heard] == [len(PHONES), TOKENS]
    for log_probs in heard:
        assert log_probs.dtype == np.float32
        assert (
            abs(len(log_probs) * recognizer.frame_ms - frames_ms) <= 2 * recognizer.frame_ms
        )  # less than one is cut off at the start
        np.testing.assert_allclose(np.exp(log_probs).sum(axis=1), 1, atol=1e-4)


def test_depth_is_a_dial(recognizer: Recognizer) -> None:
    noise = _noise(16_000)
    depths = [recognizer.hear(noise, turns).phones for turns in (1, 2, 3)]
    np.testing.assert_array_equal(depths[2], recognizer.hear(noise).phones)
    assert np.abs(depths[0] - depths[1]).max() > 0.01
    assert np.abs(depths[1] - depths[2]).max() > 0.01


@pytest.mark.parametrize("turns", [0, -1, 4])
def test_a_depth_that_it_lacks_is_refused(recognizer: Recognizer, turns: int) -> None:
    with pytest.raises(UsageError, match="choose from 1 to 3"):
        recognizer.hear(_noise(16_000), turns)


def test_two_channels_are_a_mistake_of_the_caller(recognizer: Recognizer) -> None:
    with pytest.raises(ValueError, match="one channel"):
        recognizer.hear(np.zeros((16_000, 2), dtype=np.float32))


def test_threads_do_not_disturb_each_other(recognizer: Recognizer) -> None:
    sounds = [_noise(samples) for samples in (5_000, 9_000, 13_000, 17_000)]
    expected = [recognizer.hear(sound).phones for sound in sounds]
    found: dict[int, list[np.ndarray]] = {}

    def listen(number: int) -> None:
        found[number] = [recognizer.hear(sounds[number]).phones for _ in range(5)]

    threads = [threading.Thread(target=listen, args=(number,)) for number in range(len(sounds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, results in found.items():
        for result in results:
            np.testing.assert_array_equal(result, expected[number])
    assert len(found) == len(sounds)


def test_no_copy_of_the_model_file_stays_in_memory() -> None:
    shipped = open_pack(ROOT / "models" / "unshared-int8")
    tracemalloc.start()
    try:
        with Recognizer(shipped):
            kept_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept_bytes < shipped.manifest.files["model.onnx"].size_bytes / 2


def test_pronunciations_are_in_memory_only_between_compiling_and_listening() -> None:
    shipped = open_pack(ROOT / "models" / "shared-int8")
    size_bytes = shipped.manifest.files["pronunciations.npy"].size_bytes
    held_bytes = []
    tracemalloc.start()
    try:
        with Recognizer(shipped) as recognizer:
            held_bytes.append(tracemalloc.get_traced_memory()[0])
            ways = recognizer.pronounce("timer")
            held_bytes.append(tracemalloc.get_traced_memory()[0])
            recognizer.hear(_noise(16_000))
            held_bytes.append(tracemalloc.get_traced_memory()[0])
            assert recognizer.pronounce("timer") == ways
    finally:
        tracemalloc.stop()
    loaded, compiled, listening = held_bytes
    assert compiled - loaded > 0.9 * size_bytes
    assert listening - loaded < 0.1 * size_bytes


def test_a_closed_recognizer_says_so(pack: Pack) -> None:
    with Recognizer(pack) as recognizer:
        assert recognizer.pack is pack
    with pytest.raises(UsageError, match="closed"):
        recognizer.hear(_noise(16_000))
    with pytest.raises(UsageError, match="closed"):
        recognizer.pronounce("timer")
    recognizer.close()


@pytest.mark.parametrize("threads", [0, -2])
def test_no_threads_are_refused(pack: Pack, threads: int) -> None:
    with pytest.raises(UsageError, match="threads"):
        Recognizer(pack, threads=threads)


@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_pieces_write_the_text(recognizer: Recognizer, words: list[str]) -> None:
    pieces = sentencepiece.SentencePieceProcessor(model_proto=tokens_bytes())
    tokens = pieces.encode(" ".join(words))
    assert recognizer.decode(tokens) == " ".join(words)
    with_blanks = [token for each in tokens for token in (recognizer.blank, each)]
    assert recognizer.decode(with_blanks) == " ".join(words)
    assert sum(recognizer.starts_word(token) for token in tokens) == len(words)


@given(word=st.text("abcdefghijklmnopqrstuvxyz", min_size=1, max_size=9))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_words_sound_as_the_pack_says(recognizer: Recognizer, word: str) -> None:
    assert recognizer.pronounce(word) == (tuple(SOUNDS[letter] for letter in word),)


@pytest.mark.parametrize("word", ["Timer", "7", "naïve", "<blank>", "c++", "⁇", "▁"])
def test_words_with_letters_it_never_learned_are_refused(recognizer: Recognizer, word: str) -> None:
    with pytest.raises(GrammarError, match="never learned") as caught:
        recognizer.pronounce(word)
    assert repr(word) in caught.value.message


@pytest.mark.parametrize("word", ["", " ", "two words", "a\tb"])
def test_what_is_not_one_word_is_refused(recognizer: Recognizer, word: str) -> None:
    with pytest.raises(GrammarError, match="not one word"):
        recognizer.pronounce(word)


def test_nothing_said_writes_nothing(recognizer: Recognizer) -> None:
    assert recognizer.decode([]) == ""
    assert recognizer.decode([recognizer.blank, 1, recognizer.blank]) == ""


def test_a_model_that_is_none_is_refused(pack: Pack, tmp_path: Path) -> None:
    for number, model in enumerate((b"\x3a\x00", pack.model_file.read_bytes().replace(b"Softmax", b"Zoftmax"))):
        broken = _broken(pack, tmp_path / str(number), model=model)
        with pytest.raises(PackError, match=r"cannot be loaded|inputs and outputs"):
            Recognizer(broken)


def test_a_model_with_other_inputs_is_refused(pack: Pack, tmp_path: Path) -> None:
    model = onnx.load(pack.model_file)
    for value in (model.graph.output[1], model.graph.node[-1]):
        assert "phones" in str(value)
    model.graph.output[1].name = model.graph.node[-1].output[0] = "sounds"
    with pytest.raises(PackError, match="inputs and outputs"):
        Recognizer(_broken(pack, tmp_path, model=model.SerializeToString()))


def test_pieces_that_do_not_fit_are_refused(pack: Pack, tmp_path: Path) -> None:
    with pytest.raises(PackError, match=f"{TOKENS} word pieces for {TOKENS + 1} tokens"):
        Recognizer(_broken(pack, tmp_path, tokens=TOKENS + 1))
    with pytest.raises(PackError, match="not the blank"):
        Recognizer(_broken(pack, tmp_path, blank=5))


def test_a_first_word_is_heard_where_the_sound_begins_with_it(tmp_path: Path) -> None:
    wav = tmp_path / "speech.wav"
    subprocess.run(
        ["espeak-ng", "-s", "150", "-v", "en-us", "-w", str(wav), "yesterday i paused the music"], check=True
    )
    sound = read_sound(str(wav))
    sound = sound[int(np.flatnonzero(np.abs(sound) > 0.01)[0]) :]
    with Recognizer(open_pack(ROOT / "models" / "shared-int8")) as shipped:
        first_words = shipped.hear(sound).phones[:14].argmax(axis=1)
    assert (first_words != PHONES.index("SIL")).sum() >= 10
