"""Command files that change: each broken one gives way to its last good version."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.graph_builder import summarize
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.files.file_cache import FileCache, LoadedCommands
from voiceassist.grammar.values.lists import TextList

BROKEN = "intents:\n  X: ['open [the']\n"


class Folder:
    """Files to write, and the sentences that are then in force."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.library = FileCache()
        self.deaf_to = ""

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.unlink(missing_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def read(self) -> LoadedCommands[None]:
        return self.library.read(sorted(self.folder.glob("*.yaml")), {}, self.make)

    def make(self, commands: CommandSet) -> None:
        """Fails as compiling for a model does that cannot hear a word: no file is named."""
        if self.deaf_to and self.deaf_to in sentences(commands):
            raise GrammarError(f"the model cannot hear {self.deaf_to}", hint="write another word")

    def said(self) -> tuple[list[str], list[str | None]]:
        reading = self.read()
        return sentences(reading.commands), [problem.file for problem in reading.problems]


def sentences(commands: CommandSet) -> list[str]:
    return sorted(one.template.text for found in commands.sentences.values() for one in found)


def good(*texts: str) -> str:
    return "intents:\n  I:\n" + "".join(f"    - {text}\n" for text in texts)


def test_each_file_keeps_its_own_last_good_version(tmp_path: Path) -> None:
    files = Folder(tmp_path)
    files.write("a.yaml", good("one"))
    files.write("b.yaml", good("two"))
    assert files.said() == (["one", "two"], [])
    path = files.write("a.yaml", BROKEN)
    files.write("b.yaml", good("two", "three"))
    reading = files.read()
    assert sentences(reading.commands) == ["one", "three", "two"]
    (problem,) = reading.problems
    assert (problem.file, problem.line) == (str(path), 2)
    files.write("a.yaml", good("four"))
    assert files.said() == (["four", "three", "two"], [])


def test_a_file_that_was_never_good_is_left_out(tmp_path: Path) -> None:
    files = Folder(tmp_path)
    files.write("a.yaml", good("one"))
    path = files.write("b.yaml", BROKEN)
    assert files.said() == (["one"], [str(path)])


def test_a_file_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    files = Folder(tmp_path)
    files.write("a.yaml", good("one"))
    second = files.write("b.yaml", good("two"))
    files.read()
    second.unlink()
    assert files.said() == (["one"], [])


def test_names_are_looked_up_across_files(tmp_path: Path) -> None:
    files = Folder(tmp_path)
    files.write("a.yaml", good("'go {place}'"))
    lists = files.write("b.yaml", "lists: {place: [home]}\n")
    files.write("c.yaml", good("stay"))
    assert files.said() == (["go {place}", "stay"], [])
    lists.unlink()
    assert files.said() == (["stay"], [str(tmp_path / "a.yaml")])


def test_without_one_good_file_it_is_an_error_and_all_problems_are_known(tmp_path: Path) -> None:
    files = Folder(tmp_path)
    for name in ("a.yaml", "b.yaml"):
        files.write(name, BROKEN)
    with pytest.raises(GrammarError, match=r"a\.yaml:2"):
        files.read()
    assert [Path(problem.file or "").name for problem in files.library.problems] == ["a.yaml", "b.yaml"]


def test_the_file_with_a_word_that_cannot_be_heard_is_found_among_those_that_changed(tmp_path: Path) -> None:
    files = Folder(tmp_path)
    for name in ("a.yaml", "b.yaml", "c.yaml"):
        files.write(name, good(f"old {name[0]}"))
    files.deaf_to = "new b"
    files.read()
    for name in ("a.yaml", "b.yaml", "c.yaml"):
        files.write(name, good(f"new {name[0]}"))
    reading = files.read()
    assert sentences(reading.commands) == ["new a", "new c", "old b"]
    assert len(reading.problems) == 1


def test_at_the_start_it_is_found_too(tmp_path: Path) -> None:
    files = Folder(tmp_path)
    for name in ("a.yaml", "b.yaml", "c.yaml"):
        files.write(name, good(f"new {name[0]}"))
    files.deaf_to = "new a"
    assert files.said()[0] == ["new b", "new c"]


@given(
    st.lists(
        st.lists(
            st.tuples(st.sampled_from("abc"), st.sampled_from(["one", "two", BROKEN, None])), min_size=1, max_size=3
        ),
        max_size=6,
    )
)
def test_in_force_is_always_the_last_good_version_of_each_file(
    tmp_path_factory: pytest.TempPathFactory, rounds: Sequence[Sequence[tuple[str, str | None]]]
) -> None:
    files = Folder(tmp_path_factory.mktemp("library"))
    files.write("z.yaml", good("always"))
    expected: dict[str, str] = {}
    for changes in rounds:
        broken = set()
        for name, text in dict(changes).items():
            path = files.folder / f"{name}.yaml"
            if text is None:
                path.unlink(missing_ok=True)
                expected.pop(name, None)
            else:
                files.write(path.name, text if text == BROKEN else good(f"{text} {name}"))
                if text != BROKEN:
                    expected[name] = f"{text} {name}"
        broken = {str(path) for path in files.folder.glob("*.yaml") if path.read_text() == BROKEN}
        said, problems = files.said()
        assert said == sorted(["always", *expected.values()])
        assert set(problems) == broken


def test_a_value_from_outside_that_does_not_compile_is_left_out_alone(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("intents: {Open: ['open {app}', 'stop it']}", encoding="utf-8")
    names = [f"program {letter}" for letter in "abcdefgh"]

    def make(commands: CommandSet) -> list[str]:
        found = commands.sentences["Open"][0].scope.lists["app"]
        assert isinstance(found, TextList)
        values = [value.value for value in found.values]
        if "program c" in values or "program f" in values:
            raise RecursionError("far too deep")
        return values

    lists = {"app": TextList.of([(name, name) for name in names]), "window": TextList.of([("mail", "mail")])}
    reading = FileCache().read([tmp_path / "a.yaml"], lists, make)
    assert reading.product == [name for name in names if name[-1] not in "cf"]
    assert [problem.message.split("'")[1] for problem in reading.problems] == ["program c", "program f"]


def test_what_nests_too_deeply_is_the_problem_of_its_file_alone(tmp_path: Path) -> None:
    files = Folder(tmp_path)
    files.write("a.yaml", good("one"))
    path = files.write("b.yaml", good("(" * 3000 + "two" + ")" * 3000))
    assert files.said() == (["one"], [str(path)])


@pytest.mark.skipif(os.name == "nt", reason="FIFOs and links are POSIX files")
def test_what_is_not_a_file_is_a_problem_and_holds_nothing_up(tmp_path: Path) -> None:
    files = Folder(tmp_path)
    files.write("a.yaml", good("one"))
    os.mkfifo(tmp_path / "b.yaml")
    (tmp_path / "c.yaml").mkdir()
    (tmp_path / "d.yaml").symlink_to("e.yaml")
    (tmp_path / "e.yaml").symlink_to("d.yaml")
    (tmp_path / "f.yaml").symlink_to("/dev/zero")
    said, problems = files.said()
    assert said == ["one"]
    assert problems == [str(tmp_path / f"{letter}.yaml") for letter in "bcdef"]


def test_a_bomb_of_aliases_is_an_error_soon(tmp_path: Path) -> None:
    levels = ["a0: &a0 [one, two]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    path = tmp_path / "bomb.yaml"
    path.write_text("intents:\n  I:\n    sentences: [go]\n    slots: {x: {" + ", ".join(levels) + "}}\n", "utf-8")
    with pytest.raises(GrammarError):
        FileCache().read([path], {}, len)


def test_files_that_only_lack_what_a_broken_file_defines_are_one_problem(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    shared = folder.write("0.yaml", "expansion_rules:\n  open: (open|unlock)\n  door: '[the door'\n")
    for name in "1234567":
        folder.write(f"{name}.yaml", f"intents: {{I{name}: ['<open> gate {name}', '<door>']}}\n")
    typo = folder.write("8.yaml", "intents: {Typo: ['<opn> it']}\n")
    folder.write("9.yaml", "intents: {Good: [good morning]}\n")
    loaded = folder.read()
    first, second, third = loaded.problems
    assert first.file == str(shared)
    assert second.file == str(typo)
    assert third.message.startswith("7 more files need lists or rules of these: 1.yaml, 2.yaml")
    assert list(loaded.commands.intents) == ["Good"]
    folder.write("0.yaml", "expansion_rules:\n  open: (open|unlock)\n  door: '[the] door'\n")
    (only,) = folder.read().problems
    assert only.file == str(typo)


def test_an_error_that_names_no_file_is_given_that_of_the_broken_one(tmp_path: Path) -> None:
    good, long = tmp_path / "good.yaml", tmp_path / "long.yaml"
    good.write_text("intents: {Go: [go home]}\n", encoding="utf-8")
    long.write_text(f"intents: {{Talk: [{'word ' * 300}]}}\n", encoding="utf-8")
    read = FileCache().read([good, long], {}, summarize)
    (problem,) = read.problems
    assert problem.message.startswith(f"{long}: a sentence is too long")
