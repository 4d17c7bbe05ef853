"""Commands that sound alike, by estimate and by sound."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from voiceassist.asr.ctc import GrammarPath, Search
from voiceassist.asr.recognizer import Recognizer
from voiceassist.audio.files import read_sound
from voiceassist.domain import Interpretation
from voiceassist.engine import confusable
from voiceassist.engine.confusable import Confusable, PhoneListener, closest_pairs, confusion_of
from voiceassist.grammar.compiler.automaton import Automaton, compile_automaton
from voiceassist.grammar.files.merge import load_commands
from voiceassist.packs.pack import open_pack

ROOT = Path(__file__).parents[2]
COMMANDS = """
intents:
  Near: ["set the timer"]
  Like: ["set the timers"]
  Free: ["set {*text}", "count {*text} now"]
  Far: ["purple elephants are dancing"]
  Count: ["count to {n}"]
  Time: ["what time is it [now]"]
lists: {n: [{in: fifteen, out: 15}, {in: fifty, out: 50}, {in: nine, out: 9}]}
"""


@pytest.fixture(scope="module")
def listener(tmp_path_factory: pytest.TempPathFactory) -> tuple[PhoneListener, Automaton]:
    path = tmp_path_factory.mktemp("commands") / "commands.yaml"
    path.write_text(COMMANDS)
    recognizer = Recognizer(open_pack(ROOT / "models" / "shared-int8"))
    automaton = compile_automaton(load_commands([path]), recognizer.pronounce)
    return PhoneListener(recognizer, automaton, confusion_of(recognizer)), automaton


def said(automaton: Automaton, text: str) -> Interpretation:
    found = automaton.parse(text)
    assert found is not None
    return found


def estimate(listener: tuple[PhoneListener, Automaton], text: str) -> Confusable:
    found = listener[0].by_estimate(said(listener[1], text))
    assert found is not None
    return found


def test_the_nearest_other_meaning_is_found(listener: tuple[PhoneListener, Automaton]) -> None:
    assert estimate(listener, "set the timer").taken_for.text == "set the timers"
    assert estimate(listener, "count to fifteen").taken_for.slots == {"n": 50}


def test_what_is_alike_has_a_smaller_margin(listener: tuple[PhoneListener, Automaton]) -> None:
    near, far = estimate(listener, "set the timer"), estimate(listener, "purple elephants are dancing")
    assert 0 < near.margin < far.margin


def test_the_same_in_other_words_is_no_confusion(listener: tuple[PhoneListener, Automaton]) -> None:
    assert estimate(listener, "what time is it").taken_for.command.intent != "Time"


def test_a_recording_is_really_listened_to(listener: tuple[PhoneListener, Automaton]) -> None:
    sound = read_sound(str(ROOT / "assets" / "samples" / "01-time.wav"))
    right = listener[0].by_sound(said(listener[1], "what time is it"), sound, "x.wav")
    wrong = listener[0].by_sound(said(listener[1], "purple elephants are dancing"), sound, "x.wav")
    assert right is not None
    assert wrong is not None
    assert wrong.margin < 0 < right.margin
    assert wrong.taken_for.command.intent == "Time"
    assert wrong.to_json()["file"] == "x.wav"


def test_of_each_pair_of_intents_the_closest_is_kept(listener: tuple[PhoneListener, Automaton]) -> None:
    one, other = estimate(listener, "set the timer"), estimate(listener, "set the timers")
    far = estimate(listener, "purple elephants are dancing")
    pairs = closest_pairs([far, None, one, other])
    assert len(pairs) == 2
    assert pairs[0].margin == min(one.margin, other.margin)


def test_sentences_with_free_text_do_not_prolong_the_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = 0

    class CountingSearch(Search):
        def paths(self) -> Iterator[GrammarPath]:
            nonlocal read
            for path in super().paths():
                read += 1
                yield path

    monkeypatch.setattr(confusable, "Search", CountingSearch)
    words = [
        f"{first}{rest}" for first in "bdfgklmnprst" for rest in ("ot", "at", "it", "ay", "ee", "ow", "end", "ing")
    ]
    path = tmp_path / "commands.yaml"
    path.write_text(
        yaml.safe_dump({"intents": {"Note": [f"note {word} {{*text}}" for word in words], "Stop": ["note"]}})
    )
    recognizer = Recognizer(open_pack(ROOT / "models" / "shared-int8"))
    automaton = compile_automaton(load_commands([path]), recognizer.pronounce)
    alone = PhoneListener(recognizer, automaton, confusion_of(recognizer))
    assert alone.by_estimate(said(automaton, "note")) is None
    assert read == confusable.MAX_PATHS
