"""The phone head learns to tell a sentence from what sounds like it; nothing else of the model changes."""

from __future__ import annotations

import dataclasses
import itertools
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tinydata import write_data

from voiceassist.errors import DataError
from voiceassist.train.data.augmentation import AugmentConfig, Augmenter
from voiceassist.train.data.forced_alignment import Span
from voiceassist.train.data.store import AudioStore, rewrite_index
from voiceassist.train.loop.phone_contrast import (
    MAX_EXCERPT_S,
    HeardBatch,
    RivalPhrases,
    contrast_loss,
    draw_excerpts,
    hear_excerpts,
    sentence_scores,
    train_phone_head,
    with_phone_context,
)
from voiceassist.train.model.checkpoint import load_encoder, load_weights, replace_average
from voiceassist.train.model.encoder import Encoder, ModelConfig

WAYS = {
    "cat": [(1, 2, 3)], "cut": [(1, 4, 3)], "cap": [(1, 2, 5)], "bat": [(6, 2, 3)], "kat": [(1, 2, 3)],
    "door": [(7, 8)], "window": [(9, 10, 11, 7, 12)], "the": [(13, 4), (13, 14)],
}  # fmt: skip


@pytest.fixture
def aligned(tmp_path: Path) -> AudioStore:
    """A few phrases whose words have (rough) times."""
    write_data(tmp_path)
    store = AudioStore(tmp_path / "train")
    items = []
    for item in store.items:
        words, length_ms = item.text.split(), item.samples // 16
        edges = [length_ms * n // len(words) for n in range(len(words) + 1)]
        spans = tuple(Span(word, *times) for word, times in zip(words, itertools.pairwise(edges), strict=True))
        items.append(replace(item, words=spans))
    rewrite_index(store.folder, items)
    return AudioStore(store.folder)


def _tiny(**changes: int) -> Encoder:
    torch.manual_seed(0)
    return Encoder(ModelConfig(tokens=34, dim=32, layers=2, heads=2, ff_mult=2, phone_layer=1, **changes)).eval()


def test_a_sentence_scores_what_all_its_paths_sum_to() -> None:
    torch.manual_seed(1)
    log_probs = torch.randn(1, 4, 3).log_softmax(-1)
    (score,) = sentence_scores(log_probs, [[(1, 2)]])[0].tolist()
    total = 0.0
    for path in itertools.product(range(3), repeat=4):
        said = [phone for phone, _ in itertools.groupby(path) if phone]
        if said == [1, 2]:
            total += math.exp(sum(float(log_probs[0, frame, phone]) for frame, phone in enumerate(path)))
    assert score == pytest.approx(math.log(total), abs=1e-4)


def test_a_sentence_that_needs_more_frames_than_there_are_is_the_worst_and_stops_nothing() -> None:
    log_probs = torch.zeros(1, 3, 5).log_softmax(-1).requires_grad_()
    scores = sentence_scores(log_probs, [[(1, 2), (1, 2, 3, 4)]])
    assert scores[0, 1] < -1000 < scores[0, 0]
    contrast_loss(scores).backward()
    assert torch.isfinite(log_probs.grad).all()


def test_excerpts_with_a_wrong_text_teach_nothing() -> None:
    scores = torch.tensor([[-1e4, -3.0], [-90.0, -3.0], [-3.0, -3.0]], requires_grad=True)
    contrast_loss(scores).backward()
    assert not scores.grad[:2].any()
    assert scores.grad[2].abs().min() > 0


@given(st.integers(0, 10_000), st.lists(st.sampled_from(sorted(WAYS)), min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_a_rival_never_sounds_the_same(seed: int, words: list[str]) -> None:
    phrases = RivalPhrases(WAYS, np.random.default_rng(seed))
    own = {sum(said, ()) for said in itertools.product(*(WAYS[word] for word in words))}
    rivals = phrases.draw(words, 10)
    assert rivals
    assert phrases.say(words) in own
    assert tuple(phone for word in words for phone in WAYS[word][0]) not in rivals


def test_the_nearest_words_come_first() -> None:
    crowd = {f"w{n}": [(20 + n, 60 + n, 21 + n)] for n in range(30)}
    phrases = RivalPhrases(WAYS | crowd, np.random.default_rng(0))
    near = phrases._near["cat"]
    assert {"cut", "cap", "bat"} <= {sorted(WAYS | crowd)[n] for n in near}


def test_excerpts_lie_in_their_recordings_and_say_their_words(aligned: AudioStore) -> None:
    ways = {word: [(1,)] for item in aligned.items for word in item.text.split() if word != "mute"}
    excerpts = draw_excerpts(aligned, ways, 50, np.random.default_rng(0))
    assert len(excerpts) == 50
    assert [one.samples for one in excerpts] == sorted(one.samples for one in excerpts)
    for excerpt in excerpts:
        (item,) = (one for one in aligned.items if one.begin <= excerpt.begin < one.begin + one.samples)
        assert excerpt.begin + excerpt.samples <= item.begin + item.samples
        assert excerpt.text in item.text
        assert "mute" not in excerpt.text.split()
        assert excerpt.samples <= MAX_EXCERPT_S * 16_000


def test_without_word_times_it_says_what_to_do(tmp_path: Path) -> None:
    write_data(tmp_path)
    with pytest.raises(DataError, match="word times") as caught:
        draw_excerpts(AudioStore(tmp_path / "train"), WAYS, 5, np.random.default_rng(0))
    assert "listen" in caught.value.hint


def test_phone_context_begins_at_nothing() -> None:
    plain = _tiny()
    wider = with_phone_context(plain, 8)
    states = torch.randn(2, 20, 32)
    torch.testing.assert_close(wider.classify_phones(states), plain.classify_phones(states))
    assert with_phone_context(wider, 16) is wider


def test_phone_context_sees_240_ms_to_both_sides() -> None:
    encoder = with_phone_context(_tiny(), 8)
    torch.nn.init.normal_(encoder.phone_context.out.weight)
    states = torch.randn(1, 41, 32)
    moved = states.clone()
    moved[0, 20] += 1
    changed = (encoder.classify_phones(moved) - encoder.classify_phones(states)).abs().sum(-1)[0] > 1e-6
    assert changed.nonzero().flatten().tolist() == list(range(14, 27))


def test_what_is_heard_of_excerpts_is_as_long_as_its_sound(aligned: AudioStore) -> None:
    ways = {word: [(1,)] for item in aligned.items for word in item.text.split()}
    excerpts = draw_excerpts(aligned, ways, 40, np.random.default_rng(0))
    augment = Augmenter(AugmentConfig(silence_s=0.3), torch.randn(160_000), 0)
    batches = list(hear_excerpts(_tiny(), aligned, excerpts, augment))
    assert [len(batch.words) for batch in batches] == [32, 8]
    for batch, last in zip(batches, (excerpts[31], excerpts[39]), strict=True):
        assert batch.states.shape[::2] == (len(batch.words), 32)
        assert last.samples / 640 + 7 <= batch.states.shape[1] <= last.samples / 640 / 0.88 + 40


def test_the_head_learns_and_the_rest_stays() -> None:
    encoder = with_phone_context(_tiny(), 8)
    before = {name: value.clone() for name, value in encoder.state_dict().items()}
    words = [(word,) for word in sorted(set(WAYS) - {"kat", "the"})] * 2
    frames = torch.zeros(len(words), 20, 32)
    for row, (word,) in zip(frames, words, strict=True):
        for place, phone in enumerate(WAYS[word][0]):
            row[4 + 2 * place : 6 + 2 * place, phone] = 1
    batch = HeardBatch((frames + 0.1 * torch.randn_like(frames)).half(), words)
    rivals = RivalPhrases(WAYS, np.random.default_rng(0))
    first = train_phone_head(encoder, [batch], rivals, 1)
    last = train_phone_head(encoder, [batch], rivals, 200)
    assert last >= first + 0.3
    moved = {name for name, value in encoder.state_dict().items() if not torch.equal(value, before[name])}
    assert {name.partition(".")[0] for name in moved} == {"phone_head", "phone_context"}


def test_half_of_what_was_learned_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def logits(share: float) -> torch.Tensor:
        monkeypatch.setattr("voiceassist.train.loop.phone_contrast.LEARNED_SHARE", share)
        torch.manual_seed(4)
        encoder, states = with_phone_context(_tiny(), 8), torch.randn(3, 20, 32)
        batch = HeardBatch(states.half(), [("cat",), ("door",), ("bat",)])
        torch.manual_seed(5)
        train_phone_head(encoder, [batch], RivalPhrases(WAYS, np.random.default_rng(0)), 20)
        return encoder.classify_phones(states).detach()

    former, half, whole = logits(0.0), logits(0.5), logits(1.0)
    assert (whole - former).abs().max() > 1e-2
    torch.testing.assert_close(half, (former + whole) / 2, atol=1e-4, rtol=0)


def test_a_model_without_phone_context_starts_one_with_it(tmp_path: Path) -> None:
    plain = _tiny()
    saved = {"config": dataclasses.asdict(plain.config), "average": plain.state_dict(), "step": 7}
    torch.save(saved, tmp_path / "checkpoint.pt")
    wider = Encoder(replace(plain.config, phone_context=8))
    load_weights(wider, tmp_path / "checkpoint.pt")
    assert torch.equal(wider.phone_head.weight, plain.phone_head.weight)


def test_a_checkpoint_gets_another_average_and_keeps_the_rest(tmp_path: Path) -> None:
    plain, checkpoint = _tiny(), tmp_path / "checkpoint.pt"
    torch.save({"config": dataclasses.asdict(plain.config), "average": plain.state_dict(), "step": 7}, checkpoint)
    replace_average(checkpoint, with_phone_context(plain, 8))
    assert load_encoder(checkpoint).config.phone_context == 8
    assert torch.load(checkpoint, weights_only=True)["step"] == 7
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.pt"]
