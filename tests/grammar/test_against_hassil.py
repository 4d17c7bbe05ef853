"""The automaton against hassil, which samples and recognises the same templates by other means."""

from collections.abc import Iterator

from hassil import Intents, recognize
from hassil.intents import TextSlotList
from hassil.parse_expression import parse_sentence
from hassil.sample import sample_sentence
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceassist.domain import CommandSpec
from voiceassist.grammar.compiler.automaton import NO_WORD, Automaton, compile_automaton
from voiceassist.grammar.files.command_set import CommandSet, Scope, SentenceSpec
from voiceassist.grammar.language.templates import Template, parse_template
from voiceassist.grammar.language.text_normalization import normalize
from voiceassist.grammar.language.yaml_nodes import SourcePosition
from voiceassist.grammar.values.lists import TextList

WORDS = ["up", "down", "go", "it", "now"]
COLORS = ["red", "dark red", "red it"]
RULE = "(very|[not] too)"


def parsed(text: str) -> Template:
    return parse_template(text, lambda offset: SourcePosition("test", 1, offset + 1))


LISTS = {"color": TextList.of([(color, color.upper()) for color in COLORS])}
RULES = {"much": parsed(RULE)}
HASSIL_LISTS = {"color": TextSlotList.from_strings(COLORS, name="color")}
HASSIL_RULES = {"much": parse_sentence(RULE)}


def templates() -> st.SearchStrategy[str]:
    parts = st.recursive(
        st.sampled_from([*WORDS, "{color}", "<much>", "light[s]", "{color:paint}"]),
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(" ".join),
            st.lists(inner, min_size=2, max_size=3).map(lambda items: f"({'|'.join(items)})"),
            st.lists(inner, min_size=2, max_size=3).map(lambda items: f"({';'.join(items)})"),
            inner.map(lambda part: f"[{part}]"),
        ),
        max_leaves=7,
    )
    return st.tuples(parts, st.sampled_from(WORDS)).map(" ".join)


def automaton_of(sentences: list[str]) -> Automaton:
    scope = Scope(LISTS, RULES)
    specs = {f"I{n}": (SentenceSpec(parsed(text), scope, {}),) for n, text in enumerate(sentences)}
    commands = CommandSet({name: CommandSpec(name) for name in specs}, specs, LISTS, RULES)
    return compile_automaton(commands, lambda word: [[ord(char) for char in word]])


def sampled(sentence: str) -> set[str]:
    texts = sample_sentence(parse_sentence(sentence), slot_lists=HASSIL_LISTS, expansion_rules=HASSIL_RULES)
    return {" ".join(normalize(text)) for text in texts}


def accepted(automaton: Automaton) -> Iterator[tuple[int, ...]]:
    """Every path of states from the start to where a sentence can end."""
    leaving: dict[int, list[int]] = {}
    for state, node in enumerate(automaton.source.tolist()):
        leaving.setdefault(node, []).append(state)
    waiting: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    while waiting:
        node, path = waiting.pop()
        if automaton.accepting[node]:
            yield path
        waiting.extend((int(automaton.target[state]), (*path, state)) for state in leaving.get(node, []))


@settings(max_examples=150, deadline=None)
@given(st.lists(templates(), min_size=1, max_size=2))
def test_the_automaton_accepts_just_what_hassil_samples(sentences: list[str]) -> None:
    automaton = automaton_of(sentences)
    paths = list(accepted(automaton))
    texts = [" ".join(automaton.spoken(path)) for path in paths]
    assert len(set(texts)) == len(texts)
    assert set(texts) == set().union(*(sampled(sentence) for sentence in sentences))
    for path, text in zip(paths, texts, strict=True):
        assert automaton.meaning(path) == automaton.parse(text)
        assert automaton.meaning(path).text == text
        assert "".join(map(chr, automaton.phone[list(path)])) == text.replace(" ", "")


@settings(max_examples=150, deadline=None)
@given(templates(), st.lists(st.sampled_from([*WORDS, "red", "dark", "very", "too", "light", "lights"]), max_size=6))
def test_hassil_recognises_the_same_texts(sentence: str, words: list[str]) -> None:
    intents = Intents.from_dict(
        {
            "language": "en",
            "intents": {"I0": {"data": [{"sentences": [sentence]}]}},
            "lists": {"color": {"values": COLORS}},
            "expansion_rules": {"much": RULE},
        }
    )
    automaton = automaton_of([sentence])
    for text in (" ".join(words), *sorted(sampled(sentence))[:3]):
        understood = automaton.parse(text)
        assert (understood is not None) == (recognize(text, intents) is not None), text


@settings(max_examples=100, deadline=None)
@given(templates())
def test_slots_are_where_their_words_are(sentence: str) -> None:
    automaton = automaton_of([sentence])
    for text in sampled(sentence):
        found = automaton.parse(text)
        assert found is not None
        for entity in found.entities:
            assert found.text[entity.start : entity.end] == entity.raw_value
            assert entity.value == entity.raw_value.upper()
            assert entity.name in {"color", "paint"}


def test_the_arrays_fit_together() -> None:
    automaton = automaton_of(["go [(up|down)] now", "(go;it) {color}"])
    assert (automaton.target[:-1] <= automaton.target[1:]).all()
    assert automaton.first_state[0] == automaton.first_state[1] == 0
    for node in range(automaton.nodes):
        arriving = range(automaton.first_state[node], automaton.first_state[node + 1])
        assert all(automaton.target[state] == node for state in arriving)
        assert (len(arriving) == 1) == (1 <= node <= automaton.singles)
    assert {automaton.words[word] for word in automaton.word if word != NO_WORD} == {
        "go", "up", "down", "now", "it", "red", "dark",
    }  # fmt: skip


def test_numbers_twice_in_a_sentence_stay_small() -> None:
    automaton = automaton_of(["from {0..100:a} to {0..100:b}"])
    assert automaton.states < 1_300
    found = automaton.parse("from seventy five to one hundred")
    assert found is not None
    assert found.slots == {"a": 75, "b": 100}
