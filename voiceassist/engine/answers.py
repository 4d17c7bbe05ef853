"""Answers to a confirmation question: yes, no, or one of the choices; spoken, typed or by key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from voiceassist.domain import CommandSpec, Decision, Interpretation, Recognition, RejectReason, Utterance, Verdict
from voiceassist.engine.endpoint import PartialResult, Preview
from voiceassist.engine.execution import confirmed
from voiceassist.engine.streaming import PipelineLike
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.files.command_set import CommandSet, Scope, SentenceSpec
from voiceassist.grammar.language.templates import parse_template
from voiceassist.grammar.language.text_normalization import normalize
from voiceassist.grammar.language.yaml_nodes import SourcePosition

YES = ("yes [please]", "yeah", "yep", "okay", "do it", "go ahead", "that one", "sure", "(that is|that's) right")
NO = ("no [(thanks|thank you)]", "nope", "cancel [(that|it)]", "never mind", "don't [do it]", "neither", "stop")
ORDINALS = ("first", "second", "third", "fourth")
NUMBERS = ("one", "two", "three", "four")
_NO = "Answer.No"
_CHOICE = "Answer."


@dataclass(frozen=True)
class Question:
    """A question to the user.

    Attributes:
        asked: recognition with the verdict "ask"; the choices are its best interpretation and the alternatives.
    """

    asked: Recognition

    @property
    def choices(self) -> tuple[Interpretation, ...]:
        """The choices in display order."""
        best = self.asked.best
        return () if best is None else (best, *self.asked.alternatives)

    @cached_property
    def commands(self) -> CommandSet:
        """The sentences that answer the question."""
        sentences: dict[str, Sequence[str]] = {_NO: NO}
        taken = {*YES, *NO}
        for number, choice in enumerate(self.choices):
            ways = list(YES) if number == 0 else []
            ways += [f"[the] {ORDINALS[number]} [one]", f"number {NUMBERS[number]}"] if len(self.choices) > 1 else []
            ways += [
                text
                for text in (" ".join(normalize(choice.text)), *self._values_of(choice))
                if text and text not in taken
            ]
            taken.update(ways)
            if ways:
                sentences[f"{_CHOICE}{number}"] = ways
        return _command_set(sentences)

    def chosen(self, answer: str) -> int | None:
        """Index of the choice that a typed answer names; ``None`` for no.

        Raises:
            LookupError: the text does not answer this question.
        """
        found = TextParser(self.commands).parse(answer)
        if found is None:
            raise LookupError(answer)
        return choice_of(found)

    def resolved(self, choice: int | None) -> Recognition:
        """Recognition after the answer: confirmed with the chosen interpretation first, or declined."""
        if choice is None:
            return replace(self.asked, decision=Decision(Verdict.REJECT, RejectReason.DECLINED), outcome=None)
        best = self.choices[choice]
        others = tuple(other for other in self.choices if other is not best)
        return replace(confirmed(self.asked), text=best.text, best=best, alternatives=others, outcome=None)

    def _values_of(self, choice: Interpretation) -> list[str]:
        """Spoken slot values that only this choice has, such as ``thirty`` in a question about 13 or 30."""
        others = [other for other in self.choices if other is not choice]
        return [
            " ".join(normalize(entity.raw_value))
            for entity in choice.entities
            if others and all(other.slots.get(entity.name) != entity.value for other in others)
        ]


def choice_of(answer: Interpretation) -> int | None:
    """Index of the choice that an interpreted answer names; ``None`` for no."""
    intent = answer.command.intent
    return None if intent == _NO else int(intent.removeprefix(_CHOICE))


class AnswerPipeline:
    """Recognises only the answers to one question, with the model of another pipeline."""

    def __init__(self, pipeline: PipelineLike, question: Question) -> None:
        self._pipeline = pipeline
        self._question = question

    def recognize(self, utterance: Utterance) -> Recognition:
        """Recognise an answer; the result is a rejection if the utterance is none."""
        return self._pipeline.recognize_answer(utterance, self._question.commands)

    def glance(self, utterance: Utterance) -> PartialResult:
        """Partial result of an unfinished utterance."""
        return PartialResult(self.recognize(utterance), could_continue=False)

    def preview(self, utterance: Utterance) -> Preview:
        """What seems to have been said so far; answers are short, so all layers run."""
        return Preview(self.recognize(utterance).text)


def _command_set(sentences: dict[str, Sequence[str]]) -> CommandSet:
    scope = Scope({}, {})
    specs: dict[str, tuple[SentenceSpec, ...]] = {}
    for intent, templates in sentences.items():
        parsed = [parse_template(text, lambda offset: SourcePosition("answers", 1, offset + 1)) for text in templates]
        specs[intent] = tuple(SentenceSpec(template, scope, {}) for template in parsed)
    return CommandSet({intent: CommandSpec(intent) for intent in specs}, specs, {}, {})
