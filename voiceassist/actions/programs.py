"""``program.run``: a program of the user's, started without a shell."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from voiceassist.action_spec import ActionOutcome, Parameter, Risk, ValueKind
from voiceassist.actions.call import ActionCall
from voiceassist.actions.open_uri import existing_folder
from voiceassist.actions.output import OUTPUTS, OutputHandler
from voiceassist.actions.process import last_line, run_program
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.slot_templates import PLACEHOLDER, fill, placeholders
from voiceassist.errors import ActionError

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
    Parameter("done", required=False, description="the answer if it prints nothing"),
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
        argv = arguments.get("argv")
        if not isinstance(argv, Sequence) or isinstance(argv, str) or not argv or not all(map(_is_plain, argv)):
            raise _wrong("argv", "a list: the program and its arguments")
        program = str(argv[0])
        if placeholders(program) or program.startswith("-"):
            raise _wrong("argv", "the name of a program first, without {slots}")
        folder = arguments.get("folder", "~")
        if not isinstance(folder, str) or placeholders(folder):
            raise _wrong("folder", "a path without {slots}")
        environment = arguments.get("environment", {})
        if not isinstance(environment, Mapping) or not all(map(_is_plain, environment.values())):
            raise _wrong("environment", "names and texts")
        limit = arguments.get("time_limit_s", TIME_LIMIT_S)
        if isinstance(limit, bool) or not isinstance(limit, int | float) or not 0 < limit <= MAX_TIME_LIMIT_S:
            raise _wrong("time_limit_s", f"a number of seconds up to {MAX_TIME_LIMIT_S:g}")
        variables = {str(name): str(value) for name, value in environment.items()}
        return cls(tuple(map(str, argv)), folder, variables, float(limit))

    @property
    def program(self) -> str | None:
        """The program's path; ``None`` if it is not installed."""
        return shutil.which(os.path.expanduser(self.argv[0]))  # noqa: PTH111 - pathlib's raises where a user is unknown

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
        )

    def run(self, call: ActionCall) -> ActionOutcome:
        """Runs a program without a shell; its output is said, shown, typed or copied."""
        program = ProgramCall.of(call.arguments)
        argv = program.command(call.slots)
        environment = {name: fill(value, call.slots) for name, value in program.environment.items()}
        if program.program is None:
            raise ActionError(f"there is no program {program.argv[0]}", hint="install it, or correct argv")
        folder = existing_folder(program.folder)
        if folder is None:
            raise ActionError(f"there is no folder {program.folder}", hint="create it, or correct the command file")
        status, printed, errors = run_program(argv, folder, environment, program.time_limit_s)
        if status != 0:
            raise ActionError(
                f"{program.argv[0]} failed (status {status}): {last_line(errors or printed)}",
                hint="run it in a terminal to see more",
            )
        done = call.arguments.get("done")
        return self._output.handle(
            call, printed, done if isinstance(done, str) else f"{PurePath(program.argv[0]).name} is done."
        )


def _is_plain(value: object) -> bool:
    return (
        isinstance(value, str | int | float)
        and not isinstance(value, bool)
        and (not isinstance(value, float) or math.isfinite(value))
    )


def _wrong(key: str, wanted: str) -> ActionError:
    return ActionError(f"program.run needs {wanted} as {key}", hint="correct it in the command file")
