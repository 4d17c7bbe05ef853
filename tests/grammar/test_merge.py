"""Command files: what may be written, and what is said about mistakes."""

from pathlib import Path

import pytest

from voiceassist.action_spec import Risk
from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.automaton import Automaton, compile_automaton
from voiceassist.grammar.compiler.graph_builder import summarize
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.language.mistakes import MAX_MISTAKES
from voiceassist.grammar.values.lists import TextList


def written(folder: Path, text: str, name: str = "commands.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def automaton_of(*files: Path, lists: dict[str, TextList] | None = None) -> Automaton:
    return compile_automaton(load_commands(files, lists=lists), lambda word: [[ord(char) for char in word]])


def meaning(automaton: Automaton, text: str) -> tuple[str, dict[str, object]] | None:
    found = automaton.parse(text)
    return None if found is None or found.out_of_range else (found.command.intent, found.slots)


def test_every_part_of_the_layout(tmp_path: Path) -> None:
    automaton = automaton_of(
        written(
            tmp_path,
            """
            language: en
            intents:
              Light:
                action: light.set
                arguments: {fade_ms: 250, rooms: [a, b], note: null}
                risk: changes
                when: {app: house}
                data:
                  - sentences:
                      - "(turn|switch) [<the>] {area} light[s] (on|{state})"
                      - "{area} to {level} [percent];[please]"
                    slots: {domain: light}
                    lists:
                      state: {values: [{in: "off", out: false}]}
                    response: done
                  - sentences: brightness {0..100,5:level}
              Short: [hello, "good (morning|evening)"]
              Single: goodbye
            lists:
              area:
                values:
                  - Living Room
                  - {in: "[the] (hall|corridor)", out: 7}
                  - {in: [cellar, basement], out: cellar}
              level: {range: {from: 0, to: 10, step: 2, multiplier: 10}}
            expansion_rules:
              the: "(the|my)"
            """,
        )
    )
    assert meaning(automaton, "Switch my living-room lights OFF.") == (
        "Light",
        {"area": "Living Room", "state": False, "domain": "light"},
    )
    assert meaning(automaton, "turn corridor light on") == ("Light", {"area": 7, "domain": "light"})
    assert meaning(automaton, "please basement to 8 percent") == (
        "Light",
        {"area": "cellar", "level": 80, "domain": "light"},
    )
    assert meaning(automaton, "brightness 35") == ("Light", {"level": 35})
    assert meaning(automaton, "brightness 36") is None
    assert meaning(automaton, "good evening") == ("Short", {})
    assert meaning(automaton, "goodbye") == ("Single", {})
    found = automaton.parse("brightness five")
    assert found is not None
    assert found.command.action == "light.set"
    assert found.command.arguments == {"fade_ms": 250, "rooms": ["a", "b"], "note": None}
    assert found.command.risk is Risk.CHANGES


def test_files_add_to_each_other(tmp_path: Path) -> None:
    first = written(tmp_path, "intents: {A: {action: x, sentences: ['go {place}']}}\nlists: {place: [home]}", "1.yaml")
    second = written(tmp_path, "intents: {A: [leave], B: [go home]}\nlists: {place: {values: [out]}}", "2.yaml")
    automaton = automaton_of(first, second)
    assert meaning(automaton, "leave") == ("A", {})
    assert meaning(automaton, "go out") == ("A", {"place": "out"})
    assert meaning(automaton, "go home") == ("B", {})  # the later file counts
    leaving = automaton.parse("leave")
    assert leaving is not None
    assert leaving.command.action == "x"


def test_a_later_file_takes_back_an_intent_or_says_it_anew(tmp_path: Path) -> None:
    first = written(
        tmp_path, "intents: {A: {sentences: [go], action: x, risk: destroys}, B: [leave], C: [stay]}", "1.yaml"
    )
    second = written(tmp_path, "disabled: [A, B]\nintents: {B: {sentences: [depart], action: y}}", "2.yaml")
    commands = load_commands([first, second])
    automaton = automaton_of(first, second)
    assert [meaning(automaton, text) for text in ("go", "leave", "depart", "stay")] == [
        None, None, ("B", {}), ("C", {}),
    ]  # fmt: skip
    assert "A" not in commands.intents
    assert commands.intents["B"].action == "y"
    assert not commands.warnings
    assert meaning(automaton_of(second, first), "go") == ("A", {})  # what comes later stays


def test_what_was_never_there_cannot_be_disabled(tmp_path: Path) -> None:
    first = written(tmp_path, "intents: {Timer: [go]}", "1.yaml")
    second = written(tmp_path, "intents: {B: [leave]}\ndisabled: [Tmier]", "2.yaml")
    (warning,) = load_commands([first, second]).warnings
    assert f"{second}:2:12" in warning
    assert "did you mean 'Timer'?" in warning


def test_a_file_that_disables_everything_leaves_nothing(tmp_path: Path) -> None:
    first = written(tmp_path, "intents: {A: [go]}", "1.yaml")
    second = written(tmp_path, "disabled: [A]", "2.yaml")
    with pytest.raises(GrammarError, match="there are no intents"):
        load_commands([first, second])


def test_of_sentences_said_alike_the_later_file_counts(tmp_path: Path) -> None:
    first = written(tmp_path, "intents: {A: [go, come], B: [stop]}", "1.yaml")
    second = written(tmp_path, "intents: {C: [go], A: [stop]}", "2.yaml")
    automaton = automaton_of(first, second)
    assert [meaning(automaton, text) for text in ("go", "come", "stop")] == [("C", {}), ("A", {}), ("A", {})]
    assert meaning(automaton_of(second, first), "go") == ("A", {})


def test_a_rule_of_one_file_leaves_that_of_another_alone(tmp_path: Path) -> None:
    first = written(tmp_path, "intents: {A: ['paint <it>']}\nexpansion_rules: {it: the wall}", "1.yaml")
    second = written(tmp_path, "intents: {B: ['move <it>']}\nexpansion_rules: {it: the chair}", "2.yaml")
    third = written(tmp_path, "intents: {C: ['use <it>']}", "3.yaml")
    automaton = automaton_of(first, second, third)
    assert meaning(automaton, "paint the wall") == ("A", {})
    assert meaning(automaton, "paint the chair") is None
    assert meaning(automaton, "move the chair") == ("B", {})
    assert meaning(automaton, "use the chair") == ("C", {})  # from the last file that has it


def test_descriptions_are_kept(tmp_path: Path) -> None:
    first = written(tmp_path, "intents: {A: {description: Goes., sentences: [go]}, B: [leave]}")
    assert load_commands([first]).descriptions == {"A": "Goes."}


def test_lists_from_outside_give_way_to_the_files_own(tmp_path: Path) -> None:
    path = written(tmp_path, "intents: {Open: ['open {app}', 'color {color}']}\nlists: {color: [red]}")
    outside = {"app": TextList.of({"Text Editor (old)": "gedit"}), "color": TextList.of({"blue": "blue"})}
    automaton = automaton_of(path, lists=outside)
    assert meaning(automaton, "open text editor old") == ("Open", {"app": "gedit"})
    assert meaning(automaton, "color red") == ("Open", {"color": "red"})
    assert meaning(automaton, "color blue") is None


def test_a_list_that_nothing_is_installed_for_only_silences_its_sentences(tmp_path: Path) -> None:
    path = written(tmp_path, "intents: {Open: ['open {app}', 'close it']}")
    automaton = automaton_of(path, lists={"app": TextList.of({})})
    assert meaning(automaton, "close it") == ("Open", {})
    assert meaning(automaton, "open") is None


def test_skip_words_are_skipped(tmp_path: Path) -> None:
    automaton = automaton_of(written(tmp_path, "intents: {Stop: [stop the music]}\nskip_words: [please, would you]"))
    for text in ("please stop the music", "would you please stop the music please", "stop please the music"):
        assert meaning(automaton, text) == ("Stop", {})
    assert meaning(automaton, "please") is None


def test_an_abbreviation_is_said_as_a_word_or_by_its_letters(tmp_path: Path) -> None:
    automaton = automaton_of(written(tmp_path, "intents: {Tv: ['turn on [the] TV', \"the TV's volume\"]}"))
    for text in ("turn on the TV", "turn on the tv", "turn on the t v", "turn on the T.V."):
        found = automaton.parse(text)
        assert found is not None
        assert found.text == "turn on the tv"
    found = automaton.parse("the t v's volume")
    assert found is not None
    assert found.text == "the tv's volume"


def test_a_file_in_capitals_has_no_abbreviations(tmp_path: Path) -> None:
    automaton = automaton_of(written(tmp_path, "INTENTS".lower() + ": {Go: [TURN IT ON]}"))
    assert meaning(automaton, "turn it on") == ("Go", {})
    assert automaton.parser.parse(["turn", "i", "t", "on"]) is None


def test_words_from_parts(tmp_path: Path) -> None:
    automaton = automaton_of(
        written(tmp_path, "intents: {X: ['[un]lock the (door|gate)[s]', \"{who}'s room\"]}\nlists: {who: [anna]}")
    )
    for text in ("lock the door", "unlock the gates"):
        assert meaning(automaton, text) == ("X", {})
    assert automaton.parser.parse(["un", "lock", "the", "door"]) is None
    assert meaning(automaton, "anna's room") == ("X", {"who": "anna"})


def test_the_first_definition_of_an_ambiguous_sentence_wins(tmp_path: Path) -> None:
    text = """
    intents:
      First: ["play {b} now", "play {a} now"]
      Second: ["play {a}", "play jazz [now]"]
    lists:
      a: [jazz, {in: jazz, out: other}]
      b: [jazz]
    """
    automaton = automaton_of(written(tmp_path, text))
    assert meaning(automaton, "play jazz now") == ("First", {"b": "jazz"})
    assert meaning(automaton, "play jazz") == ("Second", {"a": "jazz"})


def test_describe_counts(tmp_path: Path) -> None:
    summary = summarize(load_commands([written(tmp_path, "intents: {A: ['a [b] (c|d)', e], B: ['to {0..9:n}']}")]))
    assert (summary.intents, summary.templates, summary.sentences) == (2, 3, 15)


@pytest.mark.parametrize(
    ("text", "line", "column", "what"),
    [
        ("", 1, 1, "the file is empty"),
        ("# nothing\n", 1, 1, "the file is empty"),
        ("intents:\n", 1, 1, "there are no intents"),
        ("intents: [a, b]\n", 1, 10, "must be a mapping"),
        ("intent:\n  A: [b]\n", 1, 1, "the file has no key 'intent'"),
        ("intents:\n  A: [b\n  B: [c]\n", 3, 4, "YAML"),
        ("intents:\n\tA: [b]\n", 2, 1, "a tab is used"),
        ("intents:\n  A: [a]\n  A: [b]\n", 3, 3, "'A' appears twice"),
        ("intents:\n  A:\n    sentense: [a]\n", 3, 5, "no key 'sentense'"),
        ("intents:\n  A:\n    action: x\n", 3, 5, "intent 'A' has no sentences"),
        ("intents:\n  A: []\n", 2, 6, "'sentences' is empty"),
        ("intents:\n  A:\n", 2, 5, "must be a list, not nothing"),
        ("intents:\n  A:\n    - ''\n", 3, 7, "must be text, not nothing"),
        ("intents:\n  A:\n    - [b]\n", 3, 7, "must be text, not a list"),
        ("intents:\n  A:\n    - '...'\n", 3, 8, "this sentence can be empty"),
        ("intents:\n  A:\n    - '[please]'\n", 3, 8, "this sentence can be empty"),
        ("intents:\n  A:\n    - open [the door\n", 3, 12, "'[' is never closed"),
        ("intents:\n  A:\n    - open (the] door\n", 3, 16, "']' where ')' must close '('"),
        ("intents:\n  A:\n    - 'open the) door'\n", 3, 16, "')' closes nothing"),
        ("intents:\n  A:\n    - open {the door\n", 3, 12, "'{' is never closed"),
        ("intents:\n  A:\n    - open <the (door)\n", 3, 12, "'<' is never closed"),
        ("intents:\n  A:\n    - open ()\n", 3, 13, "nothing between the brackets"),
        ("intents:\n  A:\n    - open {}\n", 3, 13, "no name between the brackets"),
        ("intents:\n  A:\n    - open {colour}\n", 3, 12, "unknown list 'colour'"),
        ("intents:\n  A:\n    - 'open <it>'\n", 3, 13, "unknown rule 'it'"),
        ("intents:\n  A:\n    - открой дверь\n", 3, 7, "cannot be pronounced in English"),
        ("intents:\n  A:\n    - level {9..0}\n", 3, 14, "the range '9..0' is empty"),
        ("intents:\n  A:\n    - level {a..b}\n", 3, 14, "'a..b' is not a range"),
        ("intents: {A: [a]}\nlists:\n  l:\n    values: []\n", 4, 13, "'values' of list 'l' is empty"),
        ("intents: {A: [a]}\nlists:\n  l: {}\n", 3, 6, "list 'l' is empty"),
        ("intents: {A: [a]}\nlists:\n  l: {values: [{out: 1}]}\n", 3, 16, "has no 'in'"),
        ("intents: {A: [a]}\nlists:\n  l: {range: {from: 5, to: 1}}\n", 3, 21, "begins at 5 after it ends at 1"),
        ("intents: {A: [a]}\nlists:\n  l: {range: {from: x, to: 1}}\n", 3, 21, "must be a number, not 'x'"),
        ("intents: {A: [a]}\nlists:\n  l: {range: {to: 1}}\n", 3, 14, "has no 'from'"),
        ("intents: {A: [a]}\nlists:\n  l: {range: {from: 0, to: 4, step: 0}}\n", 3, 37, "the step"),
        ("intents: {A: ['a {l}']}\nlists:\n  l: {range: {from: 0, to: 99999, step: 3}}\n", 1, 18, "numbers, more than"),
        ("intents: {A: ['{l} go']}\nlists:\n  l: {wildcard: true}\n", 1, 16, "free text"),
        ("intents: {A: ['a <r>']}\nexpansion_rules:\n  r: b <r>\n", 3, 8, "<r> contains itself"),
        ("intents: {A: ['a <r>']}\nexpansion_rules:\n  r: b <s>\n  s: c <r>\n", 4, 8, "<r> in <s> in <r>"),
        ("intents: {A: ['a {l}']}\nlists:\n  l: ['b {l}']\n", 3, 10, "{l} contains itself"),
        ("intents:\n  A: {sentences: [a], risk: high}\n", 2, 29, "unknown risk 'high'"),
        ("intents:\n  A: {sentences: [a], arguments: [1]}\n", 2, 34, "'arguments' must be a mapping"),
        ("intents: {A: [a, *x]}\n", 1, 18, "YAML"),
        ("intents: {A: &x [*x]}\n", 1, 14, "must be text, not a list"),
        ("intents: {A: {sentences: [a], when: &x [*x]}}\n", 1, 37, "this value is too large"),
        ("intents:\n  A: [go]\n---\nintents:\n  B: [no]\n", 3, 1, "a second YAML document begins here"),
        ("intents:\n  A: ['a\0b']\n", 2, 1, "the character U+0000 is not allowed"),
        ("intents:\n\u00a0\u00a0A: [go]\n", 2, 1, "begins with a space of another kind"),
        ("- " * 5_000, 1, 81, "nested too deeply"),
        ("intents: {A: ['" + "(" * 200 + "a" + ")" * 200 + "']}", 1, 46, "brackets are nested too deeply"),
    ],
)  # fmt: skip
def test_mistakes_are_pointed_at(tmp_path: Path, text: str, line: int, column: int, what: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(GrammarError) as caught:
        load_commands([path])
    assert caught.value.message.startswith(f"{path}:{line}:{column}: ")
    assert what in caught.value.message
    assert caught.value.hint


def test_brackets_without_end_are_an_error_and_no_crash(tmp_path: Path) -> None:
    path = written(tmp_path, "[" * 100_000)
    with pytest.raises(GrammarError, match=r":1:\d+: nested too deeply") as caught:  # where depends on libyaml
        load_commands([path])
    assert caught.value.hint


def test_every_mistake_of_a_file_is_told_in_its_order(tmp_path: Path) -> None:
    text = """
intents:
  A: ["(go", "turn [the} lamp", "good [day]"]
  B: {sentence: [x]}
  C: {sentences: [stop it], risk: high}
lists:
  room: ["kitchen", "(hall", {out: 3}]
expansion_rules:
  r: "a <b"
"""
    with pytest.raises(GrammarError) as caught:
        load_commands([written(tmp_path, text)])
    assert [one.line for one in (caught.value, *caught.value.more)] == [3, 3, 4, 5, 7, 7, 9]
    text = "intents:\n  A: ['go {x} {y}']\n  B: ['stop {x}', '[maybe]', 'it is good']\n"
    with pytest.raises(GrammarError) as caught:
        load_commands([written(tmp_path, text)])
    assert [one.line for one in (caught.value, *caught.value.more)] == [2, 3, 3]


def test_not_more_mistakes_are_looked_for_than_anybody_reads(tmp_path: Path) -> None:
    for sentence in ("(go {number}", "go {number} {x%d}"):
        lines = "".join(f"    - '{sentence % number if '%' in sentence else sentence}'\n" for number in range(500))
        with pytest.raises(GrammarError) as caught:
            load_commands([written(tmp_path, f"intents:\n  A:\n{lines}")])
        assert len(caught.value.more) == MAX_MISTAKES - 1


def test_a_value_that_nobody_can_say_is_left_out_alone(tmp_path: Path) -> None:
    path = written(tmp_path, "intents: {A: ['call {who}']}\nlists:\n  who: [Zoë, 李雷, {in: Иван, out: 3}, ann]\n")
    commands = load_commands([path])
    assert [value.value for value in commands.lists["who"].values] == ["Zoë", "ann"]
    assert [warning.split(": ")[0] for warning in commands.warnings] == [f"{path}:3:14", f"{path}:3:23"]
    with pytest.raises(GrammarError, match="cannot be pronounced"):
        load_commands([written(tmp_path, "intents: {A: ['call {who}']}\nlists: {who: [李雷]}\n")])


def test_a_slot_that_is_filled_twice_is_a_warning(tmp_path: Path) -> None:
    text = """
intents:
  A: ["set {percent} to {percent}", "wait {0..5} (or|and) {0..9}", "go <both>", "move {number} <one>"]
  B: ["set {percent} to {percent:second}", "(up {number}|down {number})", "at {time} [or {time}]", "it is <one>"]
expansion_rules: {both: "from <one> to <one>", one: "{number}"}
"""
    commands = load_commands([written(tmp_path, text)])
    slots = [warning.split("'")[1] for warning in commands.warnings]
    assert slots == ["percent", "number", "number", "number"]
    assert all(":3:" in warning for warning in commands.warnings)


def test_a_choice_that_is_not_nearly_right_lists_all(tmp_path: Path) -> None:
    with pytest.raises(GrammarError) as caught:
        load_commands([written(tmp_path, "intents: {A: {sentences: [go], risk: dangerous}}")])
    assert caught.value.hint == "known are: changes, destroys, safe"


def test_the_step_of_an_empty_range_is_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(GrammarError) as caught:
        load_commands([written(tmp_path, "intents: {A: ['go {0..9,0}']}")])
    assert caught.value.hint == "a step is 1 or more"


def test_names_that_are_nearly_right_are_hinted_at(tmp_path: Path) -> None:
    with pytest.raises(GrammarError) as caught:
        load_commands([written(tmp_path, "intents: {A: ['for {duratoin}']}")])
    assert caught.value.hint == "did you mean 'duration'?"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(GrammarError, match="cannot be read"):
        load_commands([tmp_path / "missing.yaml"])
    (tmp_path / "latin.yaml").write_bytes(b"intents:\n  A: [caf\xe9]\n")
    with pytest.raises(GrammarError, match=r"latin\.yaml:2:1: not valid UTF-8"):
        load_commands([tmp_path / "latin.yaml"])
    (tmp_path / "control.yaml").write_bytes(b"intents:\n  A: [a\x01]\n")
    with pytest.raises(GrammarError, match=r"control\.yaml:2:1: the character U\+0001 is not allowed"):
        load_commands([tmp_path / "control.yaml"])
    (tmp_path / "huge.yaml").write_bytes(b"#" * (8 * 1024 * 1024 + 1))
    with pytest.raises(GrammarError, match="more than 1 MB"):
        load_commands([tmp_path / "huge.yaml"])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            "intents: {A: ['<r20>']}\nexpansion_rules:\n  r0: (a|b)\n"
            + "".join(f"  r{depth}: <r{depth - 1}> <r{depth - 1}>\n" for depth in range(1, 21)),
            "too long",
        ),
        ("intents: {A: ['" + "(" + ";".join("abcdefghijkl") + ")']}", "in any order are too many"),
        # Which of the first words the last one repeats must be remembered: no small automaton can.
        (
            "intents: {A: ['" + " ".join(["(a|b)"] * 25) + "', '" + "[(a|b)] " * 25 + "a " + "(a|b) " * 25 + "']}",
            "too many variants",
        ),
    ],
    ids=["doubling", "permutation", "memory"],
)
def test_bombs_end_soon(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(GrammarError, match=what):
        automaton_of(written(tmp_path, text))


def test_many_optional_parts_stay_small(tmp_path: Path) -> None:
    text = " ".join("(a|b [c]|d [a] [b]|[c] e [d])" for _ in range(16))
    assert automaton_of(written(tmp_path, f"intents: {{A: ['{text}']}}")).states < 5_000


def test_an_alias_bomb_ends_soon(tmp_path: Path) -> None:
    levels = "".join(f"      - &l{depth} [{', '.join([f'*l{depth - 1}'] * 9)}]\n" for depth in range(1, 12))
    text = f"intents:\n  A:\n    sentences: [a]\n    when:\n      - &l0 [x]\n{levels}"
    with pytest.raises(GrammarError, match="too large"):
        load_commands([written(tmp_path, text)])
    rows = "intents:\n  A0: &s [" + ", ".join(["go"] * 5_000) + "]\n" + "".join(f"  A{n}: *s\n" for n in range(1, 60))
    with pytest.raises(GrammarError, match="more than 200000 sentences"):
        load_commands([written(tmp_path, rows)])
