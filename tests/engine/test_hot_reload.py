"""Commands that follow their files: real files, the real thread, a real pipeline."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from packfactory import make_pack

from voiceassist.asr.recognizer import Recognizer
from voiceassist.domain import Utterance
from voiceassist.engine.hot_reload import CommandsNow, LiveCommands
from voiceassist.engine.pipeline import Pipeline
from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.automaton import Automaton, compile_automaton
from voiceassist.grammar.compiler.wake_phrase import WakePrefix
from voiceassist.grammar.values.lists import TextList
from voiceassist.packs.pack import open_pack

POLL_S = 0.02
PATIENCE_S = 30.0


class Folder:
    """A folder of command files with what follows it, and all that was said about it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.news: list[CommandsNow] = []
        self.colours = ["red"]
        self.write("shipped.yaml", "start the music")
        self.live = LiveCommands(
            lambda: sorted(folder.glob("*.yaml")),
            lambda: {"colour": TextList.of([(name, name) for name in self.colours])},
            poll_s=POLL_S,
        )
        self.live.listen(self.news.append)

    def write(self, name: str, *sentences: str) -> None:
        lines = "".join(f"    - {sentence}\n" for sentence in sentences)
        (self.folder / name).write_text(f"intents:\n  {name[0].upper()}:\n{lines}")

    def break_file(self, name: str) -> None:
        (self.folder / name).write_text("intents:\n  X: ['open [the']\n")

    def wait(self, changed: Callable[[], bool]) -> CommandsNow:
        end_at_s = time.monotonic() + PATIENCE_S
        while not (self.news and changed()):
            assert time.monotonic() < end_at_s, self.news
            time.sleep(POLL_S)
        return self.news[-1]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    made = Folder(tmp_path)
    before = set(threading.enumerate())
    with made.live:
        yield made
    assert set(threading.enumerate()) <= before


@pytest.fixture(scope="module")
def pack_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_pack(tmp_path_factory.mktemp("packs") / "tiny")


@pytest.fixture
def pipeline(folder: Folder, pack_folder: Path) -> Iterator[Pipeline]:
    recognizer = Recognizer(open_pack(pack_folder))
    with Pipeline(recognizer, folder.live.compile(recognizer.pronounce)) as made:
        folder.live.add(made)
        yield made


def test_a_new_file_is_understood_without_a_restart(folder: Folder, pipeline: Pipeline) -> None:
    assert pipeline.parse("mute the music").best is None
    folder.write("mine.yaml", "mute the music")
    folder.wait(lambda: pipeline.parse("mute the music").best is not None)
    assert folder.news[-1].problems == ()
    (folder.folder / "mine.yaml").unlink()
    folder.wait(lambda: pipeline.parse("mute the music").best is None)
    assert pipeline.parse("start the music").best is not None


def test_a_broken_file_keeps_its_last_good_version_and_says_where(folder: Folder, pipeline: Pipeline) -> None:
    folder.write("mine.yaml", "mute the music")
    folder.wait(lambda: pipeline.parse("mute the music").best is not None)
    folder.break_file("mine.yaml")
    folder.write("other.yaml", "open the window")
    news = folder.wait(lambda: bool(folder.news[-1].problems) and pipeline.parse("open the window").best is not None)
    (problem,) = news.problems
    assert (problem.file, problem.line) == (str(folder.folder / "mine.yaml"), 2)
    assert pipeline.parse("mute the music").best is not None
    folder.write("mine.yaml", "turn the music up")
    folder.wait(lambda: not folder.news[-1].problems)
    assert pipeline.parse("mute the music").best is None
    assert pipeline.parse("turn the music up").best is not None


def test_a_word_that_the_model_cannot_hear_is_a_problem_and_its_file_is_left_out(folder: Folder) -> None:
    def pronounce(word: str) -> list[list[int]]:
        if word == "quiz":
            raise GrammarError("the model cannot hear 'quiz'", hint="write another word")
        return [[ord(letter) for letter in word]]

    folder.write("mine.yaml", "start the quiz")
    folder.write("other.yaml", "stop the music")
    automaton = folder.live.compile(pronounce)
    assert automaton.parse("start the music") is not None
    assert automaton.parse("stop the music") is not None
    assert automaton.parse("start the quiz") is None
    assert len(folder.live.now.problems) == 1
    assert any(news.problems for news in folder.news)


def test_what_was_compiled_before_does_not_show_in_what_is_compiled_after(folder: Folder, pipeline: Pipeline) -> None:
    for number in range(8):
        folder.write("mine.yaml", *("open the window", "close the window", "start the [big] quiz")[: 1 + number % 3])
        numbers = "|".join(map(str, range(number + 3)))  # a range would understand every number, to refuse it
        folder.write("other.yaml", f"'paint it ({numbers})'", "'paint {colour}'")
        folder.colours = ["red", "blue", "quiet"][: 1 + number % 2]
        count = len(folder.news)
        folder.wait(lambda count=count: len(folder.news) > count)  # type: ignore[misc]
        fresh = compile_automaton(folder.live.now.commands, pipeline.pronounce)
        assert spoken(pipeline.automaton) == spoken(fresh)
        for text in spoken(fresh):
            assert pipeline.automaton.parse(text) == fresh.parse(text)


def test_a_wake_phrase_comes_and_goes_without_another_model(tmp_path: Path, pack_folder: Path) -> None:
    (tmp_path / "mine.yaml").write_text("intents: {M: [quiz]}\n")
    wake: list[WakePrefix | None] = [None]
    live = LiveCommands(
        lambda: [tmp_path / "mine.yaml"], dict, compile_commands=lambda compiler, now: compiler.compile(now, wake[0])
    )
    with Recognizer(open_pack(pack_folder)) as recognizer:
        pipeline = Pipeline(recognizer, live.compile(recognizer.pronounce))
        live.add(pipeline)
        for phrase, expected in (("good day", {"quiz", "good day", "good day quiz"}), (None, {"quiz"})):
            wake[0] = None if phrase is None else WakePrefix(phrase)
            live.recompile()
            assert spoken(pipeline.automaton) == expected
            assert not recognizer.closed


def spoken(automaton: Automaton) -> set[str]:
    """All that can be said."""
    leaving: dict[int, list[int]] = {}
    for state, node in enumerate(automaton.source.tolist()):
        leaving.setdefault(node, []).append(state)
    waiting: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    found: set[str] = set()
    while waiting:
        node, path = waiting.pop()
        if automaton.accepting[node]:
            found.add(" ".join(automaton.spoken(path)))
        waiting.extend((int(automaton.target[state]), (*path, state)) for state in leaving.get(node, []))
    return found


def test_sound_is_searched_with_the_new_commands(folder: Folder, pipeline: Pipeline) -> None:
    sound = Utterance(np.random.default_rng(1).standard_normal(32_000).astype(np.float32) * 0.1)
    best = pipeline.recognize(sound).best
    assert best is not None
    assert best.command.intent == "S"
    (folder.folder / "shipped.yaml").unlink()
    folder.write("mine.yaml", "quiz")
    folder.wait(lambda: "M" in folder.news[-1].commands.intents)
    best = pipeline.recognize(sound).best
    assert best is not None
    assert best.command.intent == "M"


def test_typed_sentences_are_tried_with_and_without_a_model(folder: Folder, pack_folder: Path) -> None:
    assert folder.live.parse("start the music") is not None
    folder.write("mine.yaml", "open the window")
    folder.wait(lambda: folder.live.parse("open the window") is not None)
    recognizer = Recognizer(open_pack(pack_folder))
    with Pipeline(recognizer, folder.live.compile(recognizer.pronounce)) as pipeline:
        folder.live.add(pipeline)
        assert folder.live.parse("open the window") is not None
    assert pipeline.closed
    folder.write("mine.yaml", "close the window")
    folder.wait(lambda: folder.live.parse("close the window") is not None)


def test_lists_from_outside_are_asked_for_anew(folder: Folder) -> None:
    folder.write("mine.yaml", "'paint it {colour}'")
    folder.wait(lambda: folder.live.parse("paint it red") is not None)
    folder.colours.append("blue")
    folder.write("mine.yaml", "'paint it {colour} now'")
    folder.wait(lambda: folder.live.parse("paint it blue now") is not None)


def test_when_nothing_good_is_left_all_stays_as_it_was(folder: Folder, pipeline: Pipeline) -> None:
    (folder.folder / "shipped.yaml").unlink()
    news = folder.wait(lambda: bool(folder.news[-1].problems))
    assert list(news.commands.intents) == ["S"]
    assert pipeline.parse("start the music").best is not None


def test_whoever_stops_listening_is_not_called_again(folder: Folder) -> None:
    told: list[CommandsNow] = []
    stop = folder.live.listen(told.append)
    folder.write("mine.yaml", "one")
    folder.wait(lambda: bool(told))
    stop()
    stop()
    count = len(told)
    folder.write("other.yaml", "two")
    folder.wait(lambda: "O" in folder.news[-1].commands.intents)
    assert len(told) == count


def test_a_start_without_a_good_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("intents: [\n")
    with pytest.raises(GrammarError, match=r"x\.yaml"):
        LiveCommands(lambda: [tmp_path / "x.yaml"], dict)


def test_many_quick_changes_end_with_the_last(folder: Folder, pipeline: Pipeline) -> None:
    for number in range(30):
        folder.write("mine.yaml", f"open the {'music ' * (number % 7 + 1)}")
    folder.write("mine.yaml", "close the window")
    folder.wait(lambda: pipeline.parse("close the window").best is not None)
    assert folder.live.now.problems == ()


def test_a_file_that_changes_all_the_time_keeps_no_other_waiting(folder: Folder) -> None:
    stop = threading.Event()

    def write_on() -> None:
        number = 0
        while not stop.wait(POLL_S / 4):
            number += 1
            folder.write("busy.yaml", f"number {'so ' * (number % 7)}good")

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        folder.write("mine.yaml", "mute the music")
        folder.wait(lambda: folder.live.parse("mute the music") is not None)
        folder.wait(lambda: "B" in folder.live.now.commands.intents)  # and is read itself, now and then
    finally:
        stop.set()
        writer.join()


def test_a_listener_that_fails_and_files_that_cannot_be_listed_end_nothing(tmp_path: Path, caplog) -> None:
    faults = [OSError("the folder is gone"), RecursionError("too deep")]
    news: list[CommandsNow] = []
    path = tmp_path / "a.yaml"
    path.write_text("intents: {A: [one]}", encoding="utf-8")

    def find_files() -> list[Path]:
        if started.is_set() and faults:
            raise faults.pop()
        return [path]

    def fail(_now: CommandsNow) -> None:
        raise RuntimeError("a broken listener")

    started = threading.Event()
    with LiveCommands(find_files, dict, poll_s=POLL_S) as live:
        live.listen(fail)
        live.listen(news.append)
        started.set()
        end_at_s = time.monotonic() + PATIENCE_S
        while faults and time.monotonic() < end_at_s:
            time.sleep(POLL_S)
        path.write_text("intents: {A: [one], B: [two, three]}", encoding="utf-8")
        while live.parse("two") is None and time.monotonic() < end_at_s:
            time.sleep(POLL_S)
        assert live.parse("two") is not None
    assert any("the folder is gone" in str(now.problems) for now in news)
    assert "a listener to changed commands failed" in caplog.text
