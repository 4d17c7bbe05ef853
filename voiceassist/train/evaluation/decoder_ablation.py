"""Ablations of the decoder: ``python -m voiceassist.train.evaluation.decoder_ablation PACK``.

* Viterbi or sum: does rescoring the twelve best sentences by the sum over all alignments help?
* Free text: which price per phone spares other commands and still finds free text where it was said?
* Slots: does the confidence of a slot predict whether its value is right?
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from voiceassist.asr import ctc
from voiceassist.asr.ranking import Ranking
from voiceassist.asr.recognizer import SILENCE, Posteriors, Recognizer
from voiceassist.bench.version import code_version
from voiceassist.domain import Interpretation
from voiceassist.grammar.compiler.automaton import Automaton
from voiceassist.packs.pack import open_pack
from voiceassist.train.data.store import AudioStore, StoredClip
from voiceassist.train.evaluation.evaluation import save_result
from voiceassist.train.evaluation.phrase_set import Phrase, automaton_of, cut_phrases, phrase_automaton
from voiceassist.train.evaluation.wer import edit_distance

log = logging.getLogger(__name__)

SENTENCES = 12
PRICES = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0)
FREE = "Free"
BEGINNINGS = (
    "type", "write", "search for", "search the web for", "take a note", "make a note", "note that", "remind me to",
)  # fmt: skip
"""Commands with free text; no recording starts with one, so every win is a false one."""
_NOTES = 60


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures a pack and stores ``search-PACK.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pack", type=Path)
    parser.add_argument("--dev", type=Path, default=Path("build/data/dev"), help="prepared held-out speech")
    parser.add_argument("--results", type=Path, default=Path("models/results"))
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO)
    pack = open_pack(options.pack)
    store = AudioStore(options.dev)
    with Recognizer(pack) as recognizer:
        trial = DecoderAblation(recognizer, store)
        result = {
            "pack": pack.name,
            "code": code_version(),
            "alignments": trial.alignments(),
            "free_text_by_price": trial.free_text(),
            "slots": trial.slots(),
        }
    log.info("%s", result)
    save_result(result, options.results, f"search-{pack.name}")


class DecoderAblation:
    """The ablations on half of the calibration phrases, which are encoded once."""

    def __init__(self, recognizer: Recognizer, store: AudioStore) -> None:
        manifest = recognizer.pack.manifest
        self._recognizer = recognizer
        self._store = store
        self._calibration = manifest.calibration
        self._prior = np.array(manifest.log_prior, np.float32)
        self._phrases: list[Phrase] = cut_phrases(store, 500)[::2]
        self._posteriors = [recognizer.hear(phrase.samples) for phrase in self._phrases]

    def _scores(self, posteriors: Posteriors) -> ctc.Scores:
        return ctc.adjust(posteriors.phones, self._prior, self._calibration.prior_weight)

    def _found(
        self, posteriors: Posteriors, automaton: Automaton, price: float = ctc.TAIL_PHONE_PRICE
    ) -> tuple[Interpretation, ...]:
        ranking = Ranking(self._recognizer, self._calibration, price)
        return ranking.interpretations(posteriors, self._scores(posteriors), automaton)

    def alignments(self) -> dict[str, int]:
        """Correct phrases by the best alignment, and by the sum over all alignments."""
        automaton = phrase_automaton([phrase.text for phrase in self._phrases], self._recognizer)
        counts = dict.fromkeys(("phrases", "right_by_best", "right_by_sum", "among_the_twelve", "chosen_otherwise"), 0)
        for phrase, posteriors in zip(self._phrases, self._posteriors, strict=True):
            scores = self._scores(posteriors)
            paths = list(islice(ctc.Search(scores, automaton, blank=SILENCE).paths(), SENTENCES))
            texts = [" ".join(path.words) for path in paths]
            phones = [automaton.phone[list(path.states)].tolist() for path in paths]
            chosen = int(np.argmax([sum_of_alignments(scores, one, SILENCE) for one in phones]))
            counts["phrases"] += 1
            counts["right_by_best"] += texts[0] == phrase.text
            counts["right_by_sum"] += texts[chosen] == phrase.text
            counts["among_the_twelve"] += phrase.text in texts
            counts["chosen_otherwise"] += chosen != 0
        return counts

    def free_text(self) -> dict[str, dict[str, int]]:
        """For each price, phrases that free text takes over, and notes in which it is found."""
        notes = self._notes()
        phrases = [phrase.text for phrase in self._phrases]
        beginnings = (BEGINNINGS, [words for words, _, _ in notes])
        real, noted = (
            automaton_of({"Phrase": phrases, FREE: [f"{words} {{*text}}" for words in some]}, self._recognizer)
            for some in beginnings
        )
        found: dict[str, dict[str, int]] = {}
        for price in PRICES:
            best = [self._found(posteriors, real, price)[0] for posteriors in self._posteriors]
            tails = [self._found(posteriors, noted, price)[0] for _, _, posteriors in notes]
            free = [
                one.command.intent == FREE and one.text.startswith(f"{note[0]} ")
                for one, note in zip(tails, notes, strict=True)
            ]
            wrong, words = 0, 0
            for one, found_it, (command, rest, _) in zip(tails, free, notes, strict=True):
                if found_it:
                    wrong += edit_distance(rest.split(), one.text.removeprefix(command).split())
                    words += len(rest.split())
            found[f"{price:g}"] = {
                "phrases": len(best),
                "taken_over": sum(one.command.intent == FREE for one in best),
                "right": sum(one.text == text for one, text in zip(best, phrases, strict=True)),
                "notes": len(notes),
                "notes_found": sum(free),
                "free_words_wrong_percent": round(100 * wrong / max(1, words)),
            }
        return found

    def _notes(self) -> list[tuple[str, str, Posteriors]]:
        """Clips split into a command, their first two or three words, and free text."""
        rng = np.random.default_rng(1)
        clips: list[StoredClip] = [item for item in self._store.items if 6 <= len(item.words) <= 14]
        notes = []
        for number in rng.permutation(len(clips))[:_NOTES].tolist():
            clip, count = clips[number], int(rng.integers(2, 4))
            words = " ".join(span.label for span in clip.words[:count])
            if len(words) > 7:
                begin = max(0, clip.words[0].start_ms - 300) * 16
                rest = " ".join(span.label for span in clip.words[count:])
                notes.append((words, rest, self._recognizer.hear(self._store.float_sound(clip)[begin:])))
        return notes

    def slots(self) -> dict[str, float]:
        """Mean confidence and accuracy of a slot for the last word of each phrase."""
        lasts = sorted({phrase.text.split()[-1] for phrase in self._phrases})
        slotted = [" ".join([*phrase.text.split()[:-1], "{last}"]) for phrase in self._phrases]
        intents = {f"I{number}": [sentence] for number, sentence in enumerate(slotted)}
        automaton = automaton_of(intents, self._recognizer, {"last": lasts})
        sure, right = [], []
        for phrase, posteriors in zip(self._phrases, self._posteriors, strict=True):
            best = self._found(posteriors, automaton)[0]
            if best.text.split()[:-1] == phrase.text.split()[:-1]:
                sure.append(best.entities[0].confidence)
                right.append(best.slots["last"] == phrase.text.split()[-1])
        probs = np.where(right, sure, 1 - np.array(sure))
        return {
            "slots": len(sure),
            "mean_confidence": round(float(np.mean(sure)), 3),
            "right": round(float(np.mean(right)), 3),
            "nats_of_surprise": round(float(-np.log(np.maximum(probs, 1e-6)).mean()), 3),
        }


def sum_of_alignments(scores: ctc.Scores, phones: Sequence[int], blank: int) -> float:
    """Log of the sum over all alignments of a sentence; ``scores`` are ``(frames, phones)``.

    Source: Graves et al. 2006, section 4.1.
    """
    labels = np.full(2 * len(phones) + 1, blank)
    labels[1::2] = phones
    can_skip = np.zeros(len(labels), bool)
    can_skip[2:] = (labels[2:] != blank) & (labels[2:] != labels[:-2])
    total = np.full(len(labels), -np.inf)
    total[:2] = scores[0, labels[:2]]
    for frame in scores[1:].astype(np.float64):
        before = total.copy()
        total[1:] = np.logaddexp(total[1:], before[:-1])
        total[2:] = np.where(can_skip[2:], np.logaddexp(total[2:], before[:-2]), total[2:])
        total += frame[labels]
    return float(np.logaddexp(total[-1], total[-2]))


if __name__ == "__main__":
    main()
