"""A canonical example of each command, shown to users."""

from __future__ import annotations

import contextlib

from hassil.expression import Alternative, Expression, Group, ListReference, RuleReference, TextChunk

from voiceassist.grammar.files.command_set import CommandSet, Scope, SentenceSpec
from voiceassist.grammar.language.numbers import spell
from voiceassist.grammar.language.templates import Template
from voiceassist.grammar.values.lists import AnyList, GrammarList, RangeList, TextList

_ARTICLES = frozenset({"the", "a", "an"})
"""Kept even if optional, because the example sounds unnatural without them."""
_FAMILIAR = {
    "date": "tomorrow",
    "decimal": "two point five",
    "duration": "ten minutes",
    "number": "ten",
    "ordinal": "third",
    "percent": "fifty percent",
    "time": "half past six",
}
"""Typical values of built-in lists whose first value would be an odd example."""


def canonical_sentence(commands: CommandSet, intent: str) -> str:
    """The first sentence of an intent without its optional parts; ``""`` if the intent has no sentences."""
    sentences = commands.sentences.get(intent, ())
    return canonical_words(sentences[0]) if sentences else ""


def canonical_words(sentence: SentenceSpec) -> str:
    """A sentence with the first alternative of each choice, a typical value of each list, and no optional parts."""
    words = _words(sentence.template.expression, sentence.template, sentence.scope).split()
    while len(words) > 1 and words[-1] in _ARTICLES:
        words.pop()
    return " ".join(word for word, next_word in zip(words, [*words[1:], ""], strict=True) if word != next_word)


def _words(expression: Expression, template: Template, scope: Scope) -> str:
    if isinstance(expression, TextChunk):
        return str(expression.original_text)
    if isinstance(expression, RuleReference):
        rule = scope.rule(expression, template)
        return _words(rule.expression, rule, scope)
    if isinstance(expression, ListReference):
        return f" {_value(scope.list_of(expression, template), expression, scope)}"
    if isinstance(expression, Alternative):
        words = _words(expression.items[0], template, scope)
        return words if not expression.is_optional or words.strip() in _ARTICLES else ""
    items = expression.items if isinstance(expression, Group) else []
    return "".join(_words(item, template, scope) for item in items)


def _value(found: AnyList, reference: ListReference, scope: Scope) -> str:
    """A typical value of a list."""
    name = reference.list_name.strip()
    start, dots, stop = name.partition(",")[0].partition("..")
    if isinstance(found, RangeList) or (isinstance(found, GrammarList) and dots):
        step = int(name.partition(",")[2] or 1)
        numbers = found if isinstance(found, RangeList) else RangeList(int(start), int(stop), step)
        middle = range(numbers.start, numbers.stop + 1, numbers.step)
        return spell(middle[len(middle) // 2])
    if isinstance(found, TextList) and found.values:
        template = found.values[0].template
        return _words(template.expression, template, scope)
    if not isinstance(found, GrammarList):
        return f"({reference.list_name})"
    familiar = _FAMILIAR.get(name, "")
    with contextlib.suppress(ValueError):
        if familiar and found.read(familiar.split()) is not None:
            return familiar
    template = found.templates[0]
    return _words(template.expression, template, Scope(found.lists, found.rules))
