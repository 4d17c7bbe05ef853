"""Automata of one sentence, and random phrases drawn from the templates of a built-in list."""

from hassil.expression import Alternative, Expression, ListReference, Permutation, RuleReference, TextChunk
from hypothesis import strategies as st

from voiceassist.domain import CommandSpec
from voiceassist.grammar.compiler.automaton import Automaton, compile_automaton
from voiceassist.grammar.files.command_set import CommandSet, Scope, SentenceSpec
from voiceassist.grammar.language.templates import parse_template
from voiceassist.grammar.language.text_normalization import normalize
from voiceassist.grammar.language.yaml_nodes import SourcePosition
from voiceassist.grammar.values.lists import AnyList, GrammarList


def automaton_of(sentence: str, lists: dict[str, AnyList]) -> Automaton:
    template = parse_template(sentence, lambda offset: SourcePosition("test", 1, offset + 1))
    scope = Scope(lists, {})
    commands = CommandSet({"Say": CommandSpec("Say")}, {"Say": (SentenceSpec(template, scope, {}),)}, lists, {})
    return compile_automaton(commands, lambda word: [[ord(char) for char in word]])


def value(automaton: Automaton, text: str) -> object:
    """The value of the only slot of a typed text."""
    found = automaton.parse(text)
    assert found is not None, text
    return found.entities[0].value


@st.composite
def ways_to_say(draw: st.DrawFn, values: GrammarList, *, outside: bool = False) -> list[str]:
    """The words of a random walk through the templates of a list, or through those for values beyond its limits."""

    def walk(expression: Expression) -> str:
        if isinstance(expression, TextChunk):
            return str(expression.original_text)
        if isinstance(expression, RuleReference):
            return walk(values.rules[expression.rule_name].expression)
        assert not isinstance(expression, ListReference | Permutation)
        if isinstance(expression, Alternative):
            return walk(draw(st.sampled_from(expression.items)))
        return "".join(map(walk, expression.items))

    return normalize(walk(draw(st.sampled_from(values.outside if outside else values.templates)).expression))
