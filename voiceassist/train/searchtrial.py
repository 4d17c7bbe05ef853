"""Measures the choices of the search on held-out speech: ``python -m voiceassist.train.searchtrial PACK``.

* Viterbi or sum: would the sum over all alignments choose better among the twelve best sentences?
* Free text: at which price of a token does it leave other commands alone, and is still found where it was said?
* Slots: how well does the confidence of a slot tell whether its value is right?
"""

from __future__ import annotations

import argparse
import logging
import tempfile
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from voiceassist.asr import ctc
from voiceassist.asr.recognizer import Recognizer
from voiceassist.bench.version import code_version
from voiceassist.engine.policy import slot_confidence
from voiceassist.grammar.automaton import Automaton, compile_automaton
from voiceassist.grammar.loader import load_commands
from voiceassist.packs.pack import open_pack
from voiceassist.train.calibrate import phrase_automaton
from voiceassist.train.judge import save_result
from voiceassist.train.phraseset import Phrase, cut_phrases
from voiceassist.train.store import AudioStore, Item

log = logging.getLogger(__name__)

SENTENCES = 12
PRICES = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
BEGINNINGS = (
    "type", "write", "search for", "search the web for", "take a note", "make a note", "note that", "remind me to",
)  # fmt: skip
"""Real commands with free text, in which no recording here begins: what they win, they steal."""
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
        trial = SearchTrial(recognizer, store)
        result = {
            "pack": pack.name,
            "code": code_version(),
            "alignments": trial.alignments(),
            "free_text_by_price": trial.free_text(),
            "slots": trial.slots(),
        }
    log.info("%s", result)
    save_result(result, options.results, f"search-{pack.name}")


class SearchTrial:
    """Half of the phrases that calibration uses, heard once."""

    def __init__(self, recognizer: Recognizer, store: AudioStore) -> None:
        manifest = recognizer.pack.manifest
        self._recognizer = recognizer
        self._store = store
        self._calibration = manifest.calibration
        self._prior = np.array(manifest.log_prior, np.float32)
        self._phrases: list[Phrase] = cut_phrases(store, 500)[::2]
        self._heard = [self._scores(phrase.samples) for phrase in self._phrases]

    def _scores(self, samples: NDArray[np.float32]) -> ctc.Scores:
        log_probs = self._recognizer.log_probs(samples)
        return ctc.adjust(log_probs, self._prior, self._calibration.prior_weight)

    def _paths(
        self, scores: ctc.Scores, automaton: Automaton, *, price: float, count: int = 1
    ) -> list[ctc.GrammarPath]:
        search = ctc.Search(scores, automaton, blank=self._recognizer.blank, token_price=price)
        return list(islice(search.paths(), count))

    def alignments(self) -> dict[str, int]:
        """How many phrases come out right by their best alignment, and by the sum over all alignments."""
        automaton = phrase_automaton(self._phrases, self._recognizer)
        counts = dict.fromkeys(("phrases", "right_by_best", "right_by_sum", "among_the_twelve", "chosen_otherwise"), 0)
        for phrase, scores in zip(self._phrases, self._heard, strict=True):
            paths = self._paths(scores, automaton, price=0.0, count=SENTENCES)
            texts = [" ".join(path.words) for path in paths]
            tokens = [automaton.token[list(path.states)].tolist() for path in paths]
            chosen = int(np.argmax([sum_of_alignments(scores, one, self._recognizer.blank) for one in tokens]))
            counts["phrases"] += 1
            counts["right_by_best"] += texts[0] == phrase.text
            counts["right_by_sum"] += texts[chosen] == phrase.text
            counts["among_the_twelve"] += phrase.text in texts
            counts["chosen_otherwise"] += chosen != 0
        return counts

    def free_text(self) -> dict[str, dict[str, int]]:
        """For each price, how many phrases free text takes over, and how many notes it is found in."""
        notes = self._notes()
        phrases = [phrase.text for phrase in self._phrases]
        real = self._compiled({"Phrase": phrases, "Free": [f"{words} {{*text}}" for words in BEGINNINGS]})
        noted = self._compiled({"Phrase": phrases, "Free": [f"{words} {{*text}}" for words, _ in notes]})
        found: dict[str, dict[str, int]] = {}
        for price in PRICES:
            best = [self._paths(scores, real, price=price)[0] for scores in self._heard]
            tails = [self._paths(scores, noted, price=price)[0] for _, scores in notes]
            found[f"{price:g}"] = {
                "phrases": len(best),
                "taken_over": sum(path.tail_frame is not None for path in best),
                "right": sum(
                    path.tail_frame is None and " ".join(path.words) == text
                    for path, text in zip(best, phrases, strict=True)
                ),
                "notes": len(notes),
                "notes_found": sum(
                    path.tail_frame is not None and " ".join(path.words) == words
                    for path, (words, _) in zip(tails, notes, strict=True)
                ),
            }
        return found

    def _notes(self) -> list[tuple[str, ctc.Scores]]:
        """Clips whose first two or three words are taken for a command, and the rest for free text."""
        rng = np.random.default_rng(1)
        clips: list[Item] = [item for item in self._store.items if 6 <= len(item.words) <= 14]
        notes = []
        for number in rng.permutation(len(clips))[:_NOTES].tolist():
            clip, count = clips[number], int(rng.integers(2, 4))
            words = " ".join(span.label for span in clip.words[:count])
            if len(words) > 7:
                begin = max(0, clip.words[0].start_ms - 300) * 16
                notes.append((words, self._scores(self._store.float_sound(clip)[begin:])))
        return notes

    def slots(self) -> dict[str, float]:
        """How sure slots are on average and how often right, where the last word of each phrase is a slot."""
        lasts = sorted({phrase.text.split()[-1] for phrase in self._phrases})
        intents = {f"I{number}": [_with_slot(phrase.text)] for number, phrase in enumerate(self._phrases)}
        automaton = self._compiled(intents, {"last": lasts})
        sure, right = [], []
        for phrase, scores in zip(self._phrases, self._heard, strict=True):
            paths = self._paths(scores, automaton, price=0.0, count=SENTENCES)
            best, *others = [automaton.meaning(path.states) for path in paths]
            if best.text.split()[:-1] != phrase.text.split()[:-1]:
                continue
            rivals = [path for path, one in zip(paths[1:], others, strict=True) if one.command == best.command]
            margins = [paths[0].log_prob - path.log_prob for path in rivals or paths[-1:]]
            sure.append(slot_confidence(margins, self._calibration))
            right.append(best.slots["last"] == phrase.text.split()[-1])
        probs = np.where(right, sure, 1 - np.array(sure))
        return {
            "slots": len(sure),
            "mean_confidence": round(float(np.mean(sure)), 3),
            "right": round(float(np.mean(right)), 3),
            "nats_of_surprise": round(float(-np.log(np.maximum(probs, 1e-6)).mean()), 3),
        }

    def _compiled(self, intents: Mapping[str, list[str]], lists: Mapping[str, list[str]] | None = None) -> Automaton:
        content: dict[str, Any] = {"intents": dict(intents)} | ({"lists": dict(lists)} if lists else {})
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "trial.yaml"
            file.write_text(yaml.safe_dump(content), encoding="utf-8")
            return compile_automaton(load_commands([file]), self._recognizer.encode_word)


def _with_slot(text: str) -> str:
    return " ".join([*text.split()[:-1], "{last}"])


def sum_of_alignments(scores: ctc.Scores, tokens: Sequence[int], blank: int) -> float:
    """Log of the sum over all alignments of a sentence; ``scores`` are ``(frames, tokens)``.

    Source: Graves et al. 2006, section 4.1.
    """
    labels = np.full(2 * len(tokens) + 1, blank)
    labels[1::2] = tokens
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
