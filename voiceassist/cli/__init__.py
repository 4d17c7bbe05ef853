"""The command line: statuses, output and errors that tests, scripts and users rely on."""

from __future__ import annotations

import io
import logging
import os
import sys
from pathlib import Path

from voiceassist.cli.faults import FAULT, check_memory, end_when_a_thread_dies, too_little_memory
from voiceassist.cli.output import print_error
from voiceassist.cli.parser import build_parser
from voiceassist.errors import PrivacyError, UsageError, VoiceAssistError
from voiceassist.telemetry import VARIABLE, is_telemetry_disabled


def main(arguments: list[str] | None = None) -> int:
    """Runs one command.

    Returns:
        0 when all went well, 1 when something could not be done, 2 for wrong usage, 3 when no running program could
        be reached, 70 when an internal error ended the program.
    """
    _prepare_streams()
    options = build_parser().parse_args(arguments)
    logging.basicConfig(level=logging.DEBUG if options.verbose else logging.WARNING, format="%(name)s: %(message)s")
    try:
        if not is_telemetry_disabled():
            raise PrivacyError(
                "onnxruntime was loaded before its telemetry could be switched off",
                hint=f"import voiceassist before onnxruntime, or start with {VARIABLE}=1",
            )
        if options.remote is not None and options.subcommand is not None:
            raise UsageError(f"--{options.remote} takes no command", hint=f"leave out {options.subcommand!r}")
        with end_when_a_thread_dies() as faults:
            check_memory(options.subcommand, asks_only=options.remote is not None)
            status: int = options.run(options)
            if sys.stdout is not None:
                sys.stdout.flush()
    except VoiceAssistError as error:
        logging.getLogger(__name__).debug("the command failed", exc_info=True)
        print_error(error)
        return 2 if isinstance(error, UsageError) else 1
    except MemoryError:
        logging.getLogger(__name__).debug("the command failed", exc_info=True)
        print_error(too_little_memory())
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # the reader of our output has exited: end quietly
        sys.stderr.close()
        return 1
    except OSError as error:
        if error.filename is not None:
            raise
        # What could not be written would be tried again when the interpreter exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        what = f"the output cannot be written: {error.strerror}"
        print_error(VoiceAssistError(what, hint="check the disk or the device that it goes to"))
        return 1
    return FAULT if faults.happened else status


def _prepare_streams() -> None:
    """A closed standard input is an empty one, and tables never fail at a character that the output does not have."""
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115  # for the whole process
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
