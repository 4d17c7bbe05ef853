"""Checks, trials and tests of command files for the window; everything runs beside the main thread."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voiceassist.action_spec import ActionSpec, ConsentRequest
from voiceassist.actions.consent import consent_for
from voiceassist.audio.capture import Microphone
from voiceassist.audio.selftest import record
from voiceassist.audio.vad import SpeechDetector
from voiceassist.cli.assembly import Assembly
from voiceassist.domain import Recognition, Samples
from voiceassist.engine.confusable import PhoneListener, closest_pairs, confusion_of
from voiceassist.engine.examples import Result
from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.ambiguity import find_ambiguities
from voiceassist.grammar.compiler.automaton import compile_automaton
from voiceassist.grammar.compiler.doubtful_sentences import find_doubtful_sentences
from voiceassist.grammar.compiler.sampling import Sampler
from voiceassist.grammar.compiler.sound_alikes import find_sound_alikes
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.files.action_checks import action_problems
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.files.test_cases import read_test_file
from voiceassist.gui.services.command_views import AlikePair, CommandCheck, CommandReview, CommandTests, WrongTest

if TYPE_CHECKING:
    from voiceassist.gui.services.command_views import CommandWarning

_SENTENCE_S = 4.0
_MAX_PAIRS = 12
_DRAFT = "draft.yaml"


class CommandTools:
    """Checks, tests and reviews command files, saved or not, for the Commands page."""

    def __init__(self, assembly: Assembly, actions: Mapping[str, ActionSpec]) -> None:
        self._assembly, self._actions = assembly, actions

    def check(self, text: str, tried: str = "", path: Path | None = None) -> CommandCheck:
        """Read a command file that is not saved yet, in the same way as after saving.

        Args:
            text: of the file.
            tried: a sentence to try on its commands.
            path: the file that it replaces; the text is then read together with the other command files.
        """
        with self._draft(text) as draft:
            try:
                commands = load_commands([*self._others(path), draft], lists=self._assembly.lists())
                own = commands.of_file(draft)
                understood = bool(tried) and TextParser(own).parse(tried) is not None
            except GrammarError as error:
                found = next((one for one in (error, *error.others) if one.file in (None, str(draft))), error)
                return CommandCheck(found.mistakes)
            problems = action_problems(own, self._actions)
        return CommandCheck(
            tuple(problems),
            understood,
            tuple(line for request in _requests(own) for line in request.lines),
        )

    def agree(self, action: str, arguments: Mapping[str, Any]) -> None:
        """Remember that the user agrees to what an action with these arguments runs."""
        request = consent_for(action, arguments)
        if request is not None:
            self._assembly.trust.agree(request)

    def agree_to_text(self, text: str) -> None:
        """Remember that the user agrees to what the commands of a file run, whose text is valid."""
        with self._draft(text) as draft:
            commands = load_commands([*self._others(None), draft], lists=self._assembly.lists()).of_file(draft)
        for request in _requests(commands):
            self._assembly.trust.agree(request)

    def record(self, on_level: Callable[[float], None], cancelled: Callable[[], bool]) -> Samples:
        """Record a sentence with the microphone of the settings.

        Raises:
            DeviceError: the microphone cannot be opened.
        """
        microphone = Microphone(self._assembly.settings.microphone)
        return record(microphone, duration_s=_SENTENCE_S, on_level=on_level, cancelled=cancelled)[0]

    def hear_draft(
        self, text: str, on_level: Callable[[float], None], cancelled: Callable[[], bool]
    ) -> Recognition | None:
        """Record a sentence and recognise it among all commands and a draft; ``None`` where it was cancelled.

        All commands are compiled with the draft while the user speaks.

        Raises:
            DeviceError: the microphone cannot be opened.
            GrammarError: the draft is not valid.
        """
        from voiceassist.engine.recording import recognize_sound

        with self._draft(text) as draft, ThreadPoolExecutor(1) as compiling, ExitStack() as made:
            commands = load_commands([*self._assembly.command_files(), draft], lists=self._assembly.lists())
            pipeline = compiling.submit(self._assembly.pipeline, commands, kept=False)
            made.callback(lambda: pipeline.result().close())
            samples = self.record(on_level, cancelled)
            return None if cancelled() else recognize_sound(pipeline.result(), SpeechDetector(), samples)

    def review(self, own_folder: Path, cancelled: Callable[[], bool]) -> CommandReview:
        """Look for sentences that sound alike or have two meanings; with own commands there, for theirs.

        Raises:
            GrammarError: no command file is valid.
        """
        commands = self._assembly.commands()
        own = {
            intent
            for intent, sentences in commands.sentences.items()
            if any(Path(sentence.template.place.file).parent == own_folder for sentence in sentences)
        }
        with self._assembly.recognizer() as recognizer:
            listener = PhoneListener(
                recognizer, compile_automaton(commands, recognizer.pronounce), confusion_of(recognizer)
            )
            sampler = Sampler(commands, seed=0)
            sentences = (one for intent in own or commands.intents for one in sampler.draw_many(2, [intent]))
            pairs = closest_pairs(listener.by_estimate(one) for one in sentences if not cancelled())
            alike = find_sound_alikes(commands, recognizer.pronounce)
        warnings: list[CommandWarning] = [*action_problems(commands, self._actions), *commands.warnings]
        warnings += [*find_ambiguities(commands), *alike, *find_doubtful_sentences(commands)]
        alike_pairs = []
        for pair in pairs[:_MAX_PAIRS]:
            said, other = pair.said, pair.taken_for
            alike_pairs.append(AlikePair(said.text, said.command.intent, other.text, other.command.intent, pair.margin))
        return CommandReview(tuple(alike_pairs), tuple(warnings))

    def run_tests(self, file: Path) -> CommandTests:
        """Run the tests of a file against the commands in use, or those that it names.

        Raises:
            GrammarError: the file is not valid.
            SoundFileError: a recording cannot be read.
        """
        from voiceassist.cli.commands.test import run_cases

        tests = read_test_file(file)
        report = run_cases(self._assembly, self._assembly.commands(tests.commands), tests.cases)
        return CommandTests(len(report.results), tuple(map(_wrong, report.wrong)))

    def _others(self, path: Path | None) -> Sequence[Path]:
        """The valid command files beside one; none if that is read alone."""
        if path is None:
            return ()
        others = [file for file in self._assembly.command_files() if file != path]
        try:
            load_commands(others, lists=self._assembly.lists())
        except GrammarError as error:
            broken = {problem.file for problem in (error, *error.others)}
            return [file for file in others if str(file) not in broken]
        return others

    @staticmethod
    @contextmanager
    def _draft(text: str) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="voiceassist-") as folder:
            path = Path(folder) / _DRAFT
            path.write_text(text, encoding="utf-8")
            yield path


def _requests(commands: CommandSet) -> list[ConsentRequest]:
    """What the commands would run, word for word."""
    found = (
        consent_for(command.action, command.arguments)
        for command in commands.intents.values()
        if command.action is not None
    )
    return [request for request in found if request is not None]


def _wrong(result: Result) -> WrongTest:
    found = result.found
    return WrongTest(
        str(result.example.place),
        result.example.text,
        result.heard,
        result.example.intent or "",
        "" if found is None else found.command.intent,
    )
