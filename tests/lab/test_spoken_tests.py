"""Tests of commands that synthetic voices speak."""

from pathlib import Path

from voiceassist.lab.spoken_tests import measure_spoken_tests
from voiceassist.packs.pack import open_pack

ROOT = Path(__file__).parents[2]


def test_sentences_are_typed_and_spoken(tmp_path: Path) -> None:
    folder = tmp_path / "commands"
    folder.mkdir()
    (folder / "a.yaml").write_text(
        "intents: {Open: ['open the {what} please'], Note: ['remember that {*text}']}\n"
        "lists: {what: [window, garage]}\n",
        encoding="utf-8",
    )
    tests = tmp_path / "tests.yaml"
    tests.write_text(
        "- {text: open the garage please, intent: Open, slots: {what: garage}}\n"
        "- {text: open the window please, intent: Open, slots: {what: garage}}\n"
        "- {text: open the roof, intent: null}\n",
        encoding="utf-8",
    )
    said: list[str] = []
    found = measure_spoken_tests(open_pack(ROOT / "models" / "shared-int8"), folder, tests, 2, said.append)
    assert found["typed"] == {"sentences": 3, "right": 2}
    for voice in ("espeak-ng", "flite"):
        counts = found["spoken"][voice]
        assert (counts["sentences"], counts["right"], counts["right_intent"]) == (2, 1, 2)
        assert counts["wrong"] == ["open the window please -> open the window please"]
    assert len(said) == 2
