"""Grammars of JSGF, Talon, Dragonfly, Padatious and vosk in our language, and what of each is lost."""

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.sampling import Sampler
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.importers.tree import Choice, ImportedGrammar, Node, Row, Text, words_of
from voiceassist.grammar.importers.writer import command_file, load_text, read_grammar


def imported(folder: Path, name: str, text: str, **beside: str) -> ImportedGrammar:
    for other, content in beside.items():
        (folder / other.replace("__", ".")).write_text(content, encoding="utf-8")
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_grammar(path)


def meaning(found: ImportedGrammar, text: str) -> tuple[str, dict[str, Any]] | None:
    one = TextParser(load_text(command_file(found, "a test"))).parse(text)
    return None if one is None else (one.command.intent, one.slots)


JSGF = r"""#JSGF V1.0 UTF-8 en;
/* boats */
grammar boats;
import <other.*>;
public <Sail> = [please] (hoist | /2/ raise) the <sail> [<how>];
public <Drop> = drop the anchor {now} ;
<sail> = main {MAIN} | (fore | front) sail {FORE}; // two of them
<how> = very* slowly | at once;
"""


def test_jsgf(tmp_path: Path) -> None:
    found = imported(tmp_path, "boats.jsgf", JSGF)
    assert meaning(found, "please hoist the main slowly") == ("Sail", {"sail": "MAIN"})
    assert meaning(found, "raise the front sail at once") == ("Sail", {"sail": "FORE"})
    assert meaning(found, "raise the main very slowly") == ("Sail", {"sail": "MAIN"})
    assert meaning(found, "drop the anchor") == ("Drop", {"Drop": "now"})
    assert meaning(found, "raise the sail") is None
    path = tmp_path / "boats.jsgf"
    assert [note.partition(": ")[0] for note in found.notes] == [f"{path}:{place}" for place in ("5:35", "8:13")]


TALON = """os: linux
and app: kitty
mode: command
-
# work
tag(): user.tabs
tab (new | open): user.tab_open()
go <number>:
    edit.up(number)
    sleep(1)
say <user.text> [now]: insert(text)
spell <user.letters>: insert(letters)
pick {user.fruit}: insert(fruit)
paint <user.color>: user.paint(color)
"""


def test_talon(tmp_path: Path) -> None:
    fruits = 'list: user.fruit\n-\napple: APPLE\nfig\n# none\nred pear: "pear"\n'
    found = imported(tmp_path, "kitty.talon", TALON, **{"fruit__talon-list": fruits})
    assert meaning(found, "tab open") == ("TabNewOpen", {})
    assert meaning(found, "go twelve") == ("GoNumber", {"number": 12})
    assert meaning(found, "say hello World") == ("SayUserTextNow", {"text": "hello World"})
    assert meaning(found, "spell a b c") == ("SpellUserLetters", {"letters": "abc"})
    assert meaning(found, "pick red pear") == ("PickUserFruit", {"fruit": "pear"})
    assert meaning(found, "pick fig") == ("PickUserFruit", {"fruit": "fig"})
    commands = load_text(command_file(found, "a test"))
    assert commands.when["GoNumber"].apps == ("kitty",)
    lost = "\n".join(found.notes)
    assert "kitty.talon:3:1: the condition 'mode: command' was dropped" in lost
    assert "kitty.talon:6:1: 'tag()' has no words that can be spoken" in lost
    assert "kitty.talon:14:1: 'paint <user.color>' was left out" in lost
    assert len(found.notes) == 4


DRAGONFLY = """
from dragonfly import *

class Editing(MappingRule):
    mapping = {
        "[go] (left|west) <n>": Key("left:%(n)d"),
        "write <text>": Text("%(text)s"),
        "scale <size>": Function(scale),
        "warp <where>": Function(warp),
        PREFIX + " undo": Key("c-z"),
    }
    extras = [IntegerRef("n", 1, 50), Dictation("text"), Choice("size", {"half": 0.5, "double": 2, "full size": None})]

grammar.add_rule(MappingRule(name="x", mapping={"close [it]": R(Key("a-f4"))}))
"""


def test_dragonfly_is_read_and_not_run(tmp_path: Path) -> None:
    found = imported(tmp_path, "editing.py", DRAGONFLY + f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    assert meaning(found, "go west forty nine") == ("GoLeftWestN", {"n": 49})
    assert meaning(found, "left 3") == ("GoLeftWestN", {"n": 3})
    assert meaning(found, "write See you") == ("WriteText", {"text": "See you"})
    assert meaning(found, "scale half") == ("ScaleSize", {"size": 0.5})
    assert meaning(found, "scale full size") == ("ScaleSize", {"size": "None"})
    assert meaning(found, "close it") == ("CloseIt", {})
    assert load_text(command_file(found, "a test")).descriptions["WriteText"] == "Text('%(text)s')"
    lost = "\n".join(found.notes)
    assert "editing.py:9:9: 'warp <where>' was left out: " in lost
    assert "editing.py:10:9: the phrase is computed by the program" in lost
    assert not (tmp_path / "ran").exists()


def test_padatious(tmp_path: Path) -> None:
    text = "(play|put on) {genre} music\nplay {song} (now|)\nroom ### please\n"
    found = imported(tmp_path, "play.music.intent", text, genre__entity="jazz\n(hip|trip) hop\n")
    assert meaning(found, "put on jazz music") == ("PlayMusic", {"genre": "jazz"})
    assert meaning(found, "play trip hop music") == ("PlayMusic", {"genre": "trip hop"})
    assert meaning(found, "play Clair de Lune") == ("PlayMusic", {"song": "Clair de Lune"})
    assert meaning(found, "room 101 please") == ("PlayMusic", {"number": 101})
    (note,) = found.notes
    assert "play.music.intent:2:6: there is no file song.entity" in note


def test_digits_and_any_words_of_padatious(tmp_path: Path) -> None:
    text = "dial ## and ##\nremember :0 for later\nat ##:##\nwait {length}\nrow {row}\n"
    entities = {"length__entity": "# minutes\n(a|one) #x# while\none hour\n", "row__entity": "#\n##\n"}
    found = imported(tmp_path, "dial.intent", text, **entities)
    assert meaning(found, "dial 12 and 7") == ("Dial", {"number": 12, "number_2": 7})
    assert meaning(found, "remember Red Socks for later") == ("Dial", {"text": "Red Socks"})
    assert meaning(found, "wait nine minutes") == ("Dial", {"length": "nine minutes"})
    assert meaning(found, "row forty two") == ("Dial", {"row": 42})
    assert [note.partition(": ")[0].rpartition("/")[2] for note in found.notes] == [
        "dial.intent:3:1",
        "length.entity:2:1",
    ]
    assert all("'#' stands for any digit" in note for note in found.notes)


def test_jsgf_of_several_files(tmp_path: Path) -> None:
    (tmp_path / "org" / "ship").mkdir(parents=True)
    (tmp_path / "org" / "ship" / "places.gram").write_text(
        "#JSGF V1.0;\ngrammar org.ship.places;\npublic <place> = (<side> deck){DECK} | mast;\n<side> = upper | lower;\n"
        "<hidden> = bilge;\n"
    )
    text = """#JSGF V1.0;
grammar ship;
import <org.ship.places.*>;
import <polite.please>;
import <gone.*>;
public <go> = <please> climb the <place> <side>;
public <shout> = shout (ahoy | "land ho")+ <org.ship.places.place>;
public <count> = count <digit>+ {N};
public <steal> = steal <hidden>;
<side> = quickly | slowly {this.$value = "slow"};
<digit> = one {1} | two {2};
"""
    found = imported(tmp_path, "ship.jsgf", text, polite__jsgf="public <please> = [please | kindly]*;\n")
    assert meaning(found, "kindly climb the upper deck slowly") == ("go", {"side": "slow"})
    assert meaning(found, "climb the mast quickly") == ("go", {})
    assert meaning(found, "shout ahoy land ho ahoy mast") == ("shout", {})
    assert meaning(found, "count two") == ("count", {"digit": "2"})
    assert meaning(found, "steal bilge") is None
    lost = "\n".join(found.notes)
    assert "ship.jsgf:5:1: there is no file gone.jsgf or gone.gram beside this one" in lost
    assert "a repetition was carried over as once" in lost
    assert "there is no rule <hidden>" in lost


def test_talon_conditions_of_one_kind_are_alternatives(tmp_path: Path) -> None:
    text = "app: kitty\napp: gnome_terminal\nos: linux\nos: mac\n-\nfold <number_small> <number_small>: skip()\n"
    text += "noise(pop): skip()\nopen {self.page}: skip()\n"
    pages = "list: user.page\r\n-\r\n# pages\r\nstart: https://x.org/#top\r\n"
    found = imported(tmp_path, "fold.talon", text, **{"page__talon-list": pages})
    assert meaning(found, "fold three forty") == (
        "FoldNumberSmallNumberSmall",
        {"number_small": 3, "number_small_2": 40},
    )
    assert meaning(found, "open start") == ("OpenSelfPage", {"page": "https://x.org/#top"})
    assert meaning(found, "noise pop") is None
    commands = load_text(command_file(found, "a test"))
    assert commands.when["OpenSelfPage"].apps == ("kitty", "gnome terminal")


def test_rules_of_caster(tmp_path: Path) -> None:
    text = """
class Turn(MergeRule):
    mapping = {"turn <way> <steps>": R(Key("x"))}
    extras = [
        Choice(name="way", choices={"(left | port) [side]": "l", "right": "r", NAME: "b"}),
        IntegerRef(name="steps", min=1, max=21),
    ]
    defaults = {"steps": 1}

class Launch(CompoundRule):
    spec = "launch [the] <what>"
    extras = [Choice("what", {"boat": "b"})]
"""
    found = imported(tmp_path, "turn.py", text)
    assert meaning(found, "turn port side twenty") == ("TurnWaySteps", {"way": "l", "steps": 20})
    assert meaning(found, "turn left 1") == ("TurnWaySteps", {"way": "l", "steps": 1})
    assert meaning(found, "launch the boat") == ("Launch", {"what": "b"})
    lost = "\n".join(found.notes)
    assert "turn.py:8:16: the defaults were dropped" in lost
    assert ": the phrase is computed by the program, so it was left out" in lost


def test_vosk(tmp_path: Path) -> None:
    found = imported(tmp_path, "robot_words.json", '["go left", "go right", "stop", "[unk]"]')
    assert meaning(found, "go right") == ("RobotWords", {"phrase": "go right"})
    assert meaning(found, "left") is None
    assert meaning(found, "go left go right") is None
    assert ["several in a row" in note for note in found.notes] == [True, False]


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("x.jsgf", "#JSGF V1.0;\ngrammar x;\n", "x.jsgf:1:1: there are no rules"),
        ("x.jsgf", "public <a> = go <a>;", "contains itself"),
        ("x.jsgf", "#JSGF V1.0;\ngrammar x;\npublic <a> = go", "x.jsgf:3:1: this has no ';' at its end"),
        ("x.jsgf", "public <a> = /10/ a/c;", "'/' is not allowed here"),  # not only that weights were dropped
        ("x.talon", "app: x\n-\n", "x.talon:1:1: there are no commands"),
        ("x.py", "def f(:\n", "x.py:1:1: not valid Python"),
        ("x.py", "f = 1\n", "there is no mapping"),
        ("x.intent", "\n", "there are no sentences"),
        ("x.json", '["go",', "x.json:1:7: not valid JSON"),
        ("x.json", '{"a": 1}', "not a list of phrases"),
    ],
)
def test_what_cannot_be_imported_is_told(tmp_path: Path, name: str, text: str, what: str) -> None:
    with pytest.raises(GrammarError) as caught:
        imported(tmp_path, name, text)
    assert what in caught.value.message


WORDS = st.sampled_from(["red", "blue", "big", "lamp", "door", "open"])
TREES = st.recursive(
    WORDS.map(Text),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda items: Row(tuple(items))),
        st.lists(inner, min_size=2, max_size=3).map(lambda items: Choice(tuple(items))),
        inner.map(lambda item: Choice((item,), optional=True)),
    ),
    max_leaves=6,
)


def written(node: Node) -> str:
    """A tree in the marks that all of these formats share."""
    if isinstance(node, Text):
        return node.words
    assert isinstance(node, Row | Choice)
    parts = [written(item) for item in node.items]
    if isinstance(node, Row):
        return " ".join(parts)
    return f"[{'|'.join(parts)}]" if node.optional else f"({'|'.join(parts)})"


def jsgf(tree: str, values: list[str]) -> tuple[str, str, dict[str, str]]:
    listed = "|".join(f"{value} {{{value.upper()}}}" for value in values)
    return "g.jsgf", f"public <Do> = start {tree} <what>; <what> = {listed};", {}


def talon(tree: str, values: list[str]) -> tuple[str, str, dict[str, str]]:
    listed = "".join(f"{value}: {value.upper()}\n" for value in values)
    return "g.talon", f"start {tree} {{user.what}}: act()\n", {"what__talon-list": f"list: user.what\n-\n{listed}"}


def dragonfly(tree: str, values: list[str]) -> tuple[str, str, dict[str, str]]:
    choice = {value: value.upper() for value in values}
    return "g.py", f"mapping = {{'start {tree} <what>': f()}}\nextras = [Choice('what', {choice})]\n", {}


def padatious(tree: str, values: list[str]) -> tuple[str, str, dict[str, str]]:
    return "g.intent", f"start {tree} {{what}}\n", {"what__entity": "\n".join(values)}


def ini(tree: str, values: list[str]) -> tuple[str, str, dict[str, str]]:
    return "g.ini", f"[Do]\nstart {tree} ({'|'.join(f'{value}:{value.upper()}' for value in values)}) {{what}}\n", {}


@pytest.mark.parametrize("render", [jsgf, talon, dragonfly, padatious, ini])
@settings(max_examples=25, deadline=None)
@given(TREES, st.lists(st.sampled_from(["one", "two", "ten"]), min_size=1, max_size=3, unique=True))
def test_what_is_imported_sampled_and_parsed_gives_back_its_meaning(
    tmp_path_factory: pytest.TempPathFactory, render: Any, tree: Node, values: list[str]
) -> None:
    name, text, beside = render(written(tree), values)
    found = imported(tmp_path_factory.mktemp("round"), name, text, **beside)
    upper = render is not padatious
    said = words_of(tree, 10_000) or []
    expected = {
        " ".join(f"start {words} {value}".split()): value.upper() if upper else value
        for words, value in itertools.product(said, values)
    }
    commands = load_text(command_file(found, "a test"))
    for sample in Sampler(commands, seed=1).draw_many(8):
        assert sample.slots == {"what": expected[sample.text]}
    parser = TextParser(commands)
    for sentence in sorted(expected)[:8]:
        one = parser.parse(sentence)
        assert one is not None
        assert one.slots == {"what": expected[sentence]}


SIGNS = st.text(st.sampled_from("ab <>{}[]()|*+/;:=\"'#\\\n-"), max_size=40)


@pytest.mark.parametrize(
    ("name", "frame"),
    [
        ("x.jsgf", "public <a> = go @;"),
        ("x.talon", "go @: act()"),
        ("x.py", "mapping = {'''go @''': f()}"),
        ("x.intent", "go @"),
        ("x.json", '["go", "@"]'),
        ("x.ini", "[A]\ngo @\n"),
    ],
)
@settings(max_examples=40, deadline=None)
@given(signs=SIGNS)
def test_anything_is_imported_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, frame: str, signs: str
) -> None:
    try:
        found = imported(tmp_path_factory.mktemp("any"), name, frame.replace("@", signs))
    except GrammarError:
        return
    assert load_text(command_file(found, "a test")).intents
