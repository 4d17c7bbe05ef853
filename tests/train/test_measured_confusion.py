"""Which word pieces a model takes for which: measured, and kept in the pack."""

from pathlib import Path

import numpy as np
from packfactory import TEXTS, make_pack

from voiceassist.asr.confusion import Confusion
from voiceassist.asr.recognizer import Recognizer
from voiceassist.engine.confusable import confusion_of
from voiceassist.packs.archive import pack_to_vapack, unpack
from voiceassist.packs.pack import open_pack
from voiceassist.train.confusion import measure_confusion, store_confusion
from voiceassist.train.phraseset import Phrase


def test_what_is_measured_is_stored_in_the_pack_and_travels_with_it(tmp_path: Path) -> None:
    pack = open_pack(make_pack(tmp_path / "tiny"))
    rng = np.random.default_rng(0)
    sounds = [(rng.standard_normal(48_000) * 0.1).astype(np.float32) for _ in TEXTS]
    phrases = [Phrase(text, sound) for text, sound in zip(TEXTS, sounds, strict=True)]
    with Recognizer(pack) as recognizer:
        measured = measure_confusion(recognizer, [*phrases, Phrase("naïve", sounds[0])])
        guess = Confusion.by_spelling(recognizer)
        assert measured.measured
        np.testing.assert_allclose(measured.probs.sum(axis=1), 1, atol=1e-5)
        # what was said is no longer the guess, and what was not said still is
        said = {token for text in TEXTS for word in text.split() for token in recognizer.encode_word(word)}
        unsaid = set(range(pack.manifest.tokens)) - said - {recognizer.blank}
        assert all(np.abs(measured.probs[token] - guess.probs[token]).max() > 0.05 for token in said)
        assert all(np.abs(measured.probs[token] - guess.probs[token]).max() < 1e-5 for token in unsaid)
    stored = store_confusion(pack, measured)
    (tmp_path / "other").mkdir()
    unpack(pack_to_vapack(stored.folder, tmp_path / "tiny.vapack"), tmp_path / "other")
    with Recognizer(open_pack(tmp_path / "other")) as recognizer:
        assert np.abs(confusion_of(recognizer).probs - measured.probs).max() < 0.05
