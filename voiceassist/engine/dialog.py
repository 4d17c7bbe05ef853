"""What follows when an utterance, typed text or a click was understood: execution, a question, and its answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from voiceassist.actions.listening import LISTENING_ACTIONS, register_listening
from voiceassist.actions.registry import ActionRegistry
from voiceassist.domain import Decision, Recognition, RejectReason, Verdict
from voiceassist.engine.activation import ActivationState, ListenMode
from voiceassist.engine.answers import AnswerPipeline, Question, choice_of
from voiceassist.engine.endpoint import PartialResult
from voiceassist.engine.events import Hooks, ListenState, StateNotifier
from voiceassist.engine.execution import confirmed, execute
from voiceassist.engine.streaming import EndpointProbe, PipelineLike, action_of

_NO_ANSWER = Decision(Verdict.REJECT, RejectReason.NO_MATCH)


class Dialog:
    """Executes what was understood, asks, and takes the answer.

    A question can be answered by voice for a limited time, by key or typed text until the next utterance.

    Thread: one at a time; the hooks are called on it.
    """

    def __init__(  # noqa: PLR0913  # every part is handed in
        self,
        pipeline: PipelineLike,
        probe: EndpointProbe,
        activation: ActivationState,
        hooks: Hooks,
        state_line: StateNotifier,
        *,
        actions: ActionRegistry | None,
        answer_s: float,
    ) -> None:
        """Without ``actions`` commands are only recognised. While answers are expected the probe recognises them."""
        self.actions = ActionRegistry() if actions is None else actions
        if actions is None:
            register_listening(self.actions)
        self.answering = False
        self._acts = actions is not None
        self._probe, self._activation, self._hooks, self._state_line = probe, activation, hooks, state_line
        self._pipeline = pipeline
        self._answer_s, self._answer_until_s = answer_s, 0.0
        self._question: Question | None = None

    @property
    def pipeline(self) -> PipelineLike:
        """The pipeline that understands commands."""
        return self._pipeline

    @pipeline.setter
    def pipeline(self, pipeline: PipelineLike) -> None:
        self._pipeline = pipeline
        self.expect_answer(self.answering)

    def close(self) -> None:
        """Close the actions that were not handed in."""
        if not self._acts:
            self.actions.close()

    def heard(self, glance: PartialResult, now_s: float) -> None:
        """Handle a complete utterance addressed to the program."""
        if not self.answering:
            self._tell(lambda: self._obey(glance.result(), now_s), now_s)
            return
        answer = glance.result()
        if answer.decision.verdict is Verdict.ACT and answer.best is not None:
            self.answer(choice_of(answer.best), now_s)
            return
        with self._hooks.reported():
            unheard = replace(answer, text=answer.heard, decision=_NO_ANSWER, best=None, alternatives=())
            self._hooks.on_recognition(unheard)

    def read(self, text: str, now_s: float) -> None:
        """Handle typed text; after a question it may be the answer."""
        if self._question is not None:
            try:
                self.answer(self._question.chosen(text), now_s)
            except LookupError:
                pass
            else:
                return
        self._tell(lambda: self._done(self._pipeline.parse(text)), now_s)

    def confirm(self, recognition: Recognition, now_s: float) -> None:
        """Execute a recognition that the user has confirmed."""
        self._ask(None, now_s)
        self._tell(lambda: self._done(confirmed(recognition)), now_s)

    def answer(self, choice: int | None, now_s: float) -> None:
        """Answer the last question with the index of a choice, from 0, or ``None`` for no."""
        question = self._question
        if question is not None and (choice is None or choice < len(question.choices)):
            self._ask(None, now_s)
            self._tell(lambda: self._done(question.resolved(choice)), now_s)

    def expect_answer(self, expected: bool) -> None:
        """Understand answers to the pending question, or commands."""
        question = self._question if expected else None
        self._probe.pipeline = self._pipeline if question is None else AnswerPipeline(self._pipeline, question)
        if expected is not self.answering:
            self.answering = expected
            self._hooks.on_question(expected)

    def expire(self, now_s: float) -> None:
        """Stop waiting for an answer by voice when its time is over."""
        if self.answering and now_s >= self._answer_until_s:
            self.expect_answer(expected=False)

    def _obey(self, recognition: Recognition, now_s: float) -> Recognition:
        """Execute what was said; a command that was understood may be followed by another."""
        if recognition.decision.verdict is not Verdict.REJECT:
            self._activation.stay_open(now_s)
        return self._done(recognition)

    def _done(self, recognition: Recognition) -> Recognition:
        """Execute a recognition. Sleep and wake run even without ``actions``: a sleeping listener must wake."""
        obeyed = self._acts or action_of(recognition) in LISTENING_ACTIONS
        return execute(recognition, self.actions) if obeyed else recognition

    def _tell(self, find: Callable[[], Recognition], now_s: float) -> None:
        self._state_line.show(ListenState.THINKING)
        with self._hooks.reported():
            recognition = find()
            self._hooks.on_recognition(recognition)
            asked = recognition.decision.verdict is Verdict.ASK
            self._ask(Question(recognition) if asked else None, now_s)

    def _ask(self, question: Question | None, now_s: float) -> None:
        """Set the pending question and listen for the answer for a limited time."""
        self._question = question
        if question is not None:
            self._answer_until_s = now_s + self._answer_s
            if self._activation.mode is not ListenMode.PUSH and not self._activation.asleep:
                self._activation.open_for_command(now_s)
        self.expect_answer(question is not None)
