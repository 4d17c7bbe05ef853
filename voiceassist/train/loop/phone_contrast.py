"""Trains the phone head to tell what was said from what sounds like it (maximum mutual information).

Frame by frame, a phone head learns which phone is likely. Commands are chosen by the sum over whole sentences, so here
the sentence of a short excerpt is set against others: with a word that sounds like it in place of one of its words, a
word less, or a word more. The encoder stays as it is, and with it the pieces.

Source: Povey 2003, "Discriminative training for large vocabulary speech recognition", with drawn rivals in place of
a lattice.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from voiceassist.asr.recognizer import LEAD_FRAMES
from voiceassist.domain import SAMPLE_RATE_HZ
from voiceassist.errors import DataError
from voiceassist.train.data.augmentation import Augmenter
from voiceassist.train.data.clip_table import FRAME_SAMPLES
from voiceassist.train.data.segments import MAX_MARGIN_MS
from voiceassist.train.data.store import AudioStore, StoredClip
from voiceassist.train.loop.losses import kl_divergence
from voiceassist.train.model.encoder import Encoder

log = logging.getLogger(__name__)

Phones = tuple[int, ...]
Ways = Mapping[str, Sequence[Phones]]
"""The pronunciations of each word, the most usual first."""

MAX_WORDS = 5
WORD_COUNT_PROBS = (0.35, 0.25, 0.20, 0.12, 0.08)
MIN_EXCERPT_S, MAX_EXCERPT_S = 0.2, 4.0
NEAR_WORDS = 60
RIVALS = 20
USUAL_WAY_PROB = 0.7
REPLACE_PROB, DROP_PROB, SECOND_PROB = 0.8, 0.1, 0.3
"""Of rivals: share with another word in place of one, share with a word less, the others have one more; and share of
the first that replaces twice."""
BATCH = 32
SILENCE_S = 0.3
"""Silence around an excerpt, at least."""
PRIOR_WEIGHT = 0.5
SCALE = 0.5
"""Of sentence scores: frames are not independent, so their sum is too sure of itself."""
KEEP_WEIGHT = 0.3
"""Weight of the divergence from what the head said before: frames must still be phones."""
LEARNED_SHARE = 0.5
"""Of what was learned; with all of it sentences are told apart as well, but speech less well from other sounds."""
MISLABELED_NATS = 12.0
"""Excerpts with a larger loss are left out: their text or times are wrong."""
IMPOSSIBLE = -1e4
LEARNING_RATE = 1e-3
WARMUP_SHARE = 0.1
WEIGHT_DECAY = 0.01
MAX_GRADIENT_NORM = 5.0


def draw_excerpts(store: AudioStore, ways: Ways, count: int, rng: np.random.Generator) -> list[StoredClip]:
    """Random excerpts of one to five words of the aligned recordings, all in ``ways``, sorted by length.

    Raises:
        DataError: there is none.
    """
    aligned = [item for item in store.items if item.words]
    found: list[StoredClip] = []
    for _ in range(100 * count):
        if len(found) == count or not aligned:
            break
        item = aligned[rng.integers(len(aligned))]
        words = int(rng.choice(MAX_WORDS, p=WORD_COUNT_PROBS)) + 1
        if len(item.words) < words:
            continue
        first = int(rng.integers(len(item.words) - words + 1))
        chosen = item.words[first : first + words]
        text = " ".join(span.label for span in chosen)
        begin, end = (
            round(edge_ms * SAMPLE_RATE_HZ / 1000)
            for edge_ms in (chosen[0].start_ms - MAX_MARGIN_MS, chosen[-1].end_ms + MAX_MARGIN_MS)
        )
        begin, end = max(0, begin), min(item.samples, end)
        fits = MIN_EXCERPT_S <= (end - begin) / SAMPLE_RATE_HZ <= MAX_EXCERPT_S
        if fits and len(text) > 1 and all(span.label in ways for span in chosen):
            excerpt = replace(item, begin=item.begin + begin, samples=end - begin, text=text, words=(), phones=())
            found.append(excerpt)
    if not found:
        raise DataError(
            f"no recording in {store.folder} has word times", hint="run: python -m voiceassist.train listen"
        )
    return sorted(found, key=lambda excerpt: excerpt.samples)


class RivalPhrases:
    """Draws phrases that sound like another one."""

    def __init__(self, ways: Ways, rng: np.random.Generator) -> None:
        self._ways, self._rng = ways, rng
        self._words = sorted(ways)
        near = _nearest([ways[word][0] for word in self._words], NEAR_WORDS)
        self._near = dict(zip(self._words, near, strict=True))

    def say(self, words: Sequence[str]) -> Phones:
        """A random way to say words."""
        rng, said = self._rng, list[int]()
        for word in words:
            ways = self._ways[word]
            usual = len(ways) == 1 or rng.random() < USUAL_WAY_PROB
            said += ways[0 if usual else int(rng.integers(len(ways)))]
        return tuple(said)

    def draw(self, words: Sequence[str], count: int) -> list[Phones]:
        """Phrases of other words, none of which is just another spelling of those."""
        rivals: list[Phones] = []
        usual = tuple(phone for word in words for phone in self._ways[word][0])
        for _ in range(20 * count):
            if len(rivals) == count:
                break
            other = self._changed(list(words))
            same_sound = any(
                one != two and set(self._ways[one]) & set(self._ways[two])
                for one, two in zip(other, words, strict=False)
            )
            said = self.say(other)
            if not same_sound and said != usual and other != list(words):
                rivals.append(said)
        return rivals

    def _changed(self, words: list[str]) -> list[str]:
        rng, kind = self._rng, self._rng.random()
        if len(words) > 1 and REPLACE_PROB <= kind < REPLACE_PROB + DROP_PROB:
            del words[rng.integers(len(words))]
        elif len(words) > 1 and kind >= REPLACE_PROB + DROP_PROB:
            words.insert(int(rng.integers(len(words) + 1)), self._words[rng.integers(len(self._words))])
        else:
            for _ in range(1 + (len(words) > 1 and rng.random() < SECOND_PROB)):
                place = int(rng.integers(len(words)))
                near = self._near[words[place]]
                words[place] = self._words[near[rng.integers(len(near))]]
        return words


def _nearest(said: Sequence[Phones], count: int) -> NDArray[np.intp]:
    """The words that sound most like each word, itself left out: most phones, pairs, beginnings and ends in common.

    Shape: ``(words, up to count)``.
    """
    classes = 1 + max(max(phones) for phones in said)
    features = np.zeros((len(said), classes * (classes + 3)), np.float32)
    for row, phones in zip(features, said, strict=True):
        for one, two in pairwise((0, *phones, 0)):
            row[one * classes + two] += 1
        for phone in phones:
            row[classes * classes + phone] += 1.5
        row[classes * (classes + 1) + phones[0]] += 1
        row[classes * (classes + 2) + phones[-1]] += 1
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    count = min(count, len(said) - 1)
    rows = []
    for first in range(0, len(said), 1000):
        likeness = features[first : first + 1000] @ features.T
        likeness[np.arange(len(likeness)), np.arange(first, first + len(likeness))] = -np.inf
        rows.append(np.argpartition(-likeness, count - 1, axis=1)[:, :count])
    return np.concatenate(rows)


def sentence_scores(log_probs: Tensor, sentences: Sequence[Sequence[Phones]]) -> Tensor:
    """The summed log-probability of each sentence of each clip; silence is the blank.

    Shape: ``(batch, frames, phones)``, normalised, and as many sentences for each clip -> ``(batch, sentences)``.
    """
    batch, frames, classes = log_probs.shape
    flat = [phones for of_clip in sentences for phones in of_clip]
    each = len(flat) // batch
    rows = log_probs[:, None].expand(batch, each, frames, classes).reshape(batch * each, frames, classes)
    losses = F.ctc_loss(
        rows.transpose(0, 1),
        torch.tensor([phone for phones in flat for phone in phones]),
        torch.full((len(flat),), frames),
        torch.tensor([len(phones) for phones in flat]),
        reduction="none",
        zero_infinity=True,
    )
    fits = [len(phones) + sum(one == two for one, two in pairwise(phones)) <= frames for phones in flat]
    return torch.where(torch.tensor(fits), -losses, IMPOSSIBLE).view(batch, each)


def contrast_loss(scores: Tensor) -> Tensor:
    """Mean negative log-posterior of the first sentence among all. Shape: ``(batch, sentences)`` -> ``()``."""
    losses = -F.log_softmax(SCALE * scores, dim=-1)[:, 0]
    kept = ((scores[:, 0] > IMPOSSIBLE) & (losses < MISLABELED_NATS)).float()
    return (losses * kept).sum() / (kept.sum().clamp(min=1) * math.sqrt(SCALE))


@dataclass(frozen=True, slots=True)
class HeardBatch:
    """What the phone head sees of excerpts of like length ``(batch, frames, dim)``, in float16, and their words."""

    states: Tensor
    words: Sequence[tuple[str, ...]]


def hear_excerpts(
    encoder: Encoder, store: AudioStore, excerpts: Sequence[StoredClip], augment: Augmenter
) -> Iterator[HeardBatch]:
    """The states of the phone layer, for each excerpt changed at random."""
    for first in range(0, len(excerpts), BATCH):
        members = excerpts[first : first + BATCH]
        lengths = torch.tensor([excerpt.samples for excerpt in members])
        sound = torch.zeros(len(members), int(lengths.max()))
        for row, excerpt in zip(sound, members, strict=True):
            row[: excerpt.samples] = torch.from_numpy(store.float_sound(excerpt))
        with torch.no_grad():
            lead = LEAD_FRAMES * FRAME_SAMPLES
            heard = F.pad(augment(sound, lengths).sound, (lead, 0))  # as the recognizer does
            states = encoder.encode(heard, encoder.config.phone_depth)[1][:, LEAD_FRAMES:]
        yield HeardBatch(states.half(), [tuple(excerpt.text.split()) for excerpt in members])
        if first // BATCH % 100 == 0:
            log.info("%d of %d excerpts heard", first + len(members), len(excerpts))


def with_phone_context(encoder: Encoder, width: int) -> Encoder:
    """The same model with a phone head that sees neighbouring frames; where it does already, itself."""
    if encoder.phone_context is not None:
        return encoder
    wider = Encoder(replace(encoder.config, phone_context=width))
    wider.load_state_dict(wider.state_dict() | encoder.state_dict())
    return wider.eval()


def train_phone_head(encoder: Encoder, batches: Sequence[HeardBatch], rivals: RivalPhrases, passes: int) -> float:
    """Trains the phone head in place, and goes `LEARNED_SHARE` of the way to what it learned.

    Returns:
        the share of the excerpts of the last pass whose sentence was likelier than all rivals.
    """
    learned = nn.ModuleList(part for part in (encoder.phone_head, encoder.phone_context) if part is not None)
    with torch.no_grad():
        before = [F.log_softmax(encoder.classify_phones(batch.states.float()), -1) for batch in batches]
        mean = torch.cat([one.flatten(0, 1) for one in before]).exp().mean(0)
        prior = PRIOR_WEIGHT * mean.clamp(min=1e-5).log()
    started = [value.detach().clone() for value in _logit_layers(encoder)]
    optimizer = torch.optim.AdamW(learned.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, LEARNING_RATE, total_steps=max(2, passes * len(batches)), pct_start=WARMUP_SHARE
    )
    right = 0.0
    for number in range(passes):
        right, losses = 0.0, list[float]()
        for index in torch.randperm(len(batches)).tolist():
            batch = batches[index]
            log_probs = F.log_softmax(encoder.classify_phones(batch.states.float()), -1)
            sentences = [[rivals.say(words), *rivals.draw(words, RIVALS)] for words in batch.words]
            most = min(len(one) for one in sentences)
            scores = sentence_scores(F.log_softmax(log_probs - prior, -1), [one[:most] for one in sentences])
            loss = contrast_loss(scores)
            optimizer.zero_grad()
            (loss + KEEP_WEIGHT * kl_divergence(log_probs, before[index])).backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(learned.parameters(), MAX_GRADIENT_NORM)
            optimizer.step()
            schedule.step()
            right += float((scores.argmax(1) == 0).float().sum())
            losses.append(float(loss.detach()))
        right /= sum(len(batch.words) for batch in batches)
        log.info("pass %d: %.1f %% likeliest, loss %.3f", number + 1, 100 * right, sum(losses) / len(losses))
    with torch.no_grad():
        for value, former in zip(_logit_layers(encoder), started, strict=True):
            value.lerp_(former, 1 - LEARNED_SHARE)
    return right


def _logit_layers(encoder: Encoder) -> list[Tensor]:
    """The weights that the logits are linear in."""
    context = encoder.phone_context
    layers = [encoder.phone_head, None if context is None else context.out]
    return [value for layer in layers if layer is not None for value in (layer.weight, layer.bias)]
