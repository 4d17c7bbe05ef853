"""Commands as the window sees them: what can be said, and what is found when command files are checked and tested."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from voiceassist.domain import Recognition
from voiceassist.errors import GrammarError, MissingError
from voiceassist.i18n import mark

if TYPE_CHECKING:
    from voiceassist.grammar.compiler.ambiguity import Ambiguity
    from voiceassist.grammar.compiler.doubtful_sentences import DoubtfulSentence
    from voiceassist.grammar.compiler.sound_alikes import SoundAlike

    CommandWarning = Ambiguity | SoundAlike | DoubtfulSentence | GrammarError | str

ANYTHING = "…"
"""Stands in an example for words of the user's choice."""
_MAX_TOLD, _MAX_TOLD_CHARS = 50, 300
_MAX_COMPARED = 500
"""Comparing takes the main thread up to a hundredth of a millisecond for each command."""


@dataclass(frozen=True, slots=True)
class CommandExamples:
    """What one file says of one intent, for the Commands page."""

    intent: str
    sentences: tuple[str, ...]
    group: str = ""
    description: str = ""
    file: Path | None = None
    example: str = ""
    missing: str = ""
    """What it needs and this machine does not have."""


@dataclass(frozen=True, slots=True)
class CommandView:
    """What can be said now, and what is wrong with command files."""

    commands: tuple[CommandExamples, ...] = ()
    problems: tuple[GrammarError, ...] = ()

    @property
    def missing(self) -> dict[str, str]:
        """What commands need and this machine does not have, by place; no more than settings can remember."""
        found = [problem for problem in self.problems if isinstance(problem, MissingError)]
        return {problem.message[:_MAX_TOLD_CHARS]: problem.what for problem in found[:_MAX_TOLD]}

    @property
    def mistaken(self) -> bool:
        """A command file has a mistake, wherever it is used."""
        return any(not isinstance(problem, MissingError) for problem in self.problems)

    def news(self, told: Collection[str]) -> str:
        """What to tell whoever does not look at the Commands page: mistakes, and what is `missing` and was not told."""
        if self.mistaken:
            return mark("A command file has a mistake. What was good before stays in use; the Commands page says more.")
        for place, what in self.missing.items():
            if place not in told:
                return mark(
                    "Not every command can be carried out here: {what}. The Commands page says more.", what=what
                )
        return ""


def nearest_examples(view: CommandView, text: str) -> list[str]:
    """Commands that read much like a typed sentence, the best first; at most three."""
    examples = dict.fromkeys(
        command.example
        for command in view.commands[:_MAX_COMPARED]
        if command.example and ANYTHING not in command.example  # nothing that could be said by a click
    )
    return get_close_matches(text.lower(), examples)


@dataclass(frozen=True, slots=True)
class CommandCheck:
    """What a command file that is being written is worth.

    Attributes:
        problems: its mistakes.
        understood: the sentence that was tried is one of its commands.
        allowed: what it would run, which the user agrees to by saving it.
    """

    problems: tuple[GrammarError, ...] = ()
    understood: bool = False
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AlikePair:
    """Two sentences with different meanings that the model may confuse; the smaller the margin, the sooner."""

    said: str
    intent: str
    taken_for: str
    other_intent: str
    margin: float


@dataclass(frozen=True, slots=True)
class CommandReview:
    """What may go wrong with commands that are valid.

    Attributes:
        alike: sentences that sound alike, closest first.
        warnings: sentences with two meanings and the like; a ``str`` is ``file:line:column: what is wrong``.
    """

    alike: tuple[AlikePair, ...] = ()
    warnings: tuple[CommandWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class WrongTest:
    """A test that failed: what was expected, and what was found; empty for no command."""

    place: str
    text: str
    heard: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class CommandTests:
    """The results of a test file."""

    count: int
    wrong: tuple[WrongTest, ...] = ()


class CommandToolsLike(Protocol):
    """``cli.command_tools.CommandTools``. Thread: any, one at a time."""

    def check(self, text: str, tried: str = "", path: Path | None = None) -> CommandCheck:
        """Check the text of a command file that is not saved yet, and try a sentence on it."""
        ...

    def agree(self, action: str, arguments: Mapping[str, Any]) -> None:
        """Remember that the user agrees to what an action with these arguments runs."""
        ...

    def agree_to_text(self, text: str) -> None:
        """Remember that the user agrees to what the commands of a valid file run."""
        ...

    def hear_draft(
        self, text: str, on_level: Callable[[float], None], cancelled: Callable[[], bool]
    ) -> Recognition | None:
        """Record a sentence and recognise it among all commands and a draft."""
        ...

    def review(self, own_folder: Path, cancelled: Callable[[], bool]) -> CommandReview:
        """Look for sentences that sound alike or have two meanings."""
        ...

    def run_tests(self, file: Path) -> CommandTests:
        """Run the tests of a file."""
        ...
