"""Which phones a model takes for which: measured, and kept in the pack."""

from pathlib import Path

import numpy as np
from packfactory import TEXTS, make_pack

from voiceassist.asr.confusion import Confusion
from voiceassist.asr.recognizer import SILENCE, Recognizer
from voiceassist.engine.confusable import confusion_of
from voiceassist.packs.archive import pack_to_vapack, unpack
from voiceassist.packs.pack import open_pack
from voiceassist.train.evaluation.phone_confusion import measure_confusion, store_confusion
from voiceassist.train.evaluation.phrase_set import Phrase


def test_what_is_measured_is_stored_in_the_pack_and_travels_with_it(tmp_path: Path) -> None:
    pack = open_pack(make_pack(tmp_path / "tiny"))
    rng = np.random.default_rng(0)
    sounds = [(rng.standard_normal(48_000) * 0.1).astype(np.float32) for _ in TEXTS]
    phrases = [Phrase(text, sound) for text, sound in zip(TEXTS, sounds, strict=True)]
    with Recognizer(pack) as recognizer:
        measured = measure_confusion(recognizer, [*phrases, Phrase("naïve", sounds[0])])
        guess = Confusion.guessed(pack.manifest.phones)
        assert measured.measured
        np.testing.assert_allclose(measured.probs.sum(axis=1), 1, atol=1e-5)
        # what was said is no longer the guess, and what was not said still is
        said = {phone for text in TEXTS for word in text.split() for phone in recognizer.pronounce(word)[0]}
        unsaid = set(range(len(pack.manifest.phones))) - said - {SILENCE}
        assert unsaid
        assert all(np.abs(measured.probs[phone] - guess.probs[phone]).max() > 0.05 for phone in said)
        assert all(np.abs(measured.probs[phone] - guess.probs[phone]).max() < 1e-5 for phone in unsaid)
    stored = store_confusion(pack, measured)
    (tmp_path / "other").mkdir()
    unpack(pack_to_vapack(stored.folder, tmp_path / "tiny.vapack"), tmp_path / "other")
    with Recognizer(open_pack(tmp_path / "other")) as recognizer:
        assert np.abs(confusion_of(recognizer).probs - measured.probs).max() < 0.05
