"""``program.run``: a program of the user's, started without a shell."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from voiceassist.action_spec import ActionOutcome, ArgumentProblem, Parameter, Risk, ValueKind
from voiceassist.actions.call import ActionCall
from voiceassist.actions.open_uri import existing_folder
from voiceassist.actions.output import DONE, OUTPUTS, OutputHandler
from voiceassist.actions.process import last_line, run_program
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.slot_templates import PLACEHOLDER, fill, placeholders
from voiceassist.errors import ActionError
from voiceassist.i18n import mark

TIME_LIMIT_S = 30.0
MAX_TIME_LIMIT_S = 3600.0
MAX_ARGUMENT_BYTES = 128 * 1024 - 1
"""Longest argument that Linux accepts (MAX_ARG_STRLEN, with its terminating byte)."""

PARAMETERS = (
    Parameter("argv", ValueKind.TEXTS, template=True, description="the program and its arguments, one per list entry"),
    Parameter("folder", required=False, description="where it runs; home by default"),
    Parameter("environment", ValueKind.MAPPING, required=False, template=True, description="variables to add"),
    Parameter("time_limit_s", ValueKind.NUMBER, required=False, description=f"{TIME_LIMIT_S:g} by default"),
    Parameter("output", required=False, choices=OUTPUTS, description="what to do with its output; say by default"),
    DONE,
)


@dataclass(frozen=True, slots=True)
class ProgramCall:
    """A program to run, as the command file describes it.

    Attributes:
        argv: the program and its arguments, which may contain ``{slot}``.
        folder: its working folder.
        environment: variables to add, whose values may contain ``{slot}``.
        time_limit_s: it is killed after this time.
    """

    argv: tuple[str, ...]
    folder: str
    environment: Mapping[str, str]
    time_limit_s: float

    @classmethod
    def of(cls, arguments: Mapping[str, Any]) -> ProgramCall:
        """Read the arguments of a command file; slots cannot replace them.

        Raises:
            ActionError: one of them is invalid.
        """
        for problem in _malformed(arguments):
            raise ActionError(problem.message, hint=problem.hint)
        environment = arguments.get("environment", {})
        return cls(
            tuple(map(str, arguments["argv"])),
            arguments.get("folder", "~"),
            {str(name): str(value) for name, value in environment.items()},
            float(arguments.get("time_limit_s", TIME_LIMIT_S)),
        )

    @property
    def program(self) -> str | None:
        """The program's path; ``None`` if it is not installed. A relative path starts in the working folder."""
        path = os.path.expanduser(self.argv[0])  # noqa: PTH111 - pathlib's raises where a user is unknown
        return shutil.which(self.directory / path if os.sep in path else path)

    @property
    def directory(self) -> Path:
        """The path of its working folder; a relative one starts in the home folder."""
        return Path(os.path.expanduser("~"), os.path.expanduser(self.folder))  # noqa: PTH111

    def missing(self) -> Iterator[ArgumentProblem]:
        """What this machine does not have."""
        if self.program is None:
            hint = mark("install it, or correct its name or path")
            yield ArgumentProblem(
                "argv", mark("there is no program {name}", name=f"{self.argv[0]!r}"), hint, missing=True
            )
        if existing_folder(str(self.directory)) is None:
            hint = mark("create it, or correct the path")
            message = mark("there is no folder {folder}", folder=f"{self.folder!r}")
            yield ArgumentProblem("folder", message, hint, missing=True)

    def command(self, slots: Mapping[str, Any]) -> list[str]:
        """The program and its arguments with the slots filled in, each still one argument.

        Raises:
            ActionError: a value would be taken for an option, or is too long.
        """
        filled = [self.program or self.argv[0]]
        options_ended = False
        for template in self.argv[1:]:
            whole = PLACEHOLDER.fullmatch(template)
            if whole and slots.get(whole[1]) is None:
                continue  # the sentence has no such slot
            argument = fill(template, slots)
            if argument.startswith("-") and not template.startswith("-") and not options_ended:
                raise ActionError(
                    f"{self.argv[0]} would take {argument[:40]!r} for an option, so it was not run",
                    hint=f'put "--" before {template!r} in argv if the program supports it',
                )
            if "\0" in argument or len(argument.encode("utf-8", "surrogatepass")) > MAX_ARGUMENT_BYTES:
                raise ActionError(f"a value is too long for {self.argv[0]}", hint="say less")
            options_ended = options_ended or template == "--"
            filled.append(argument)
        return filled


class ProgramActions:
    """``program.run``."""

    def __init__(self, registry: ActionRegistry, output: OutputHandler) -> None:
        self._output = output
        registry.register(
            "program.run",
            self.run,
            *PARAMETERS,
            risk=Risk.CHANGES,
            needs="the program, and your consent",
            timeout_of=lambda call: ProgramCall.of(call.arguments).time_limit_s + 5.0,
            problems=program_problems,
        )

    def run(self, call: ActionCall) -> ActionOutcome:
        """Runs a program without a shell; its output is said, shown, typed or copied."""
        program = ProgramCall.of(call.arguments)
        for problem in program.missing():
            raise ActionError(problem.message, hint=problem.hint)
        argv = program.command(call.definite_slots)
        environment = {name: fill(value, call.definite_slots) for name, value in program.environment.items()}
        status, printed, errors = run_program(argv, program.directory, environment, program.time_limit_s)
        if status != 0:
            raise ActionError(
                f"{program.argv[0]} failed (status {status}): {last_line(errors or printed)}",
                hint="run it in a terminal to see more",
            )
        return self._output.handle(
            call, printed, "say", mark("{program} is done.", program=PurePath(program.argv[0]).name)
        )


def _is_plain(value: object) -> bool:
    return (
        isinstance(value, str | int | float)
        and not isinstance(value, bool)
        and (not isinstance(value, float) or math.isfinite(value))
    )


def program_problems(arguments: Mapping[str, Any]) -> Iterator[ArgumentProblem]:
    """What is wrong with the arguments, and what they name and this machine does not have."""
    malformed = list(_malformed(arguments))
    yield from malformed or ProgramCall.of(arguments).missing()


def _malformed(arguments: Mapping[str, Any]) -> Iterator[ArgumentProblem]:
    argv, folder = arguments.get("argv"), arguments.get("folder", "~")
    if not isinstance(argv, Sequence) or isinstance(argv, str) or not argv or not all(map(_is_plain, argv)):
        yield _needs("argv", mark("a list: the program and its arguments"))
    elif placeholders(str(argv[0])) or str(argv[0]).startswith("-"):
        yield _needs("argv", mark("the name of a program first, without {slots}"))
    if not isinstance(folder, str) or placeholders(folder):
        yield _needs("folder", mark("a path without {slots}"))
    environment = arguments.get("environment", {})
    if not isinstance(environment, Mapping) or not all(map(_is_plain, environment.values())):
        yield _needs("environment", mark("names and texts"))
    limit = arguments.get("time_limit_s", TIME_LIMIT_S)
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not 0 < limit <= MAX_TIME_LIMIT_S:
        yield _needs("time_limit_s", mark("a number of seconds up to {seconds}", seconds=f"{MAX_TIME_LIMIT_S:g}"))


def _needs(argument: str, wanted: str) -> ArgumentProblem:
    return ArgumentProblem(
        argument,
        mark("program.run needs {wanted} as {argument}", wanted=wanted, argument=argument),
        mark("correct it in the command file"),
    )
