"""Every error that voiceassist raises on purpose.

    VoiceAssistError
    ├── UsageError          the command line or a call was used wrongly
    ├── ConfigError         settings that cannot be read or are not allowed
    ├── GrammarError        a command file with a mistake (file, line, column)
    │   ├── UnknownNameError  it refers to a list or rule that no file has
    │   ├── MissingError    it names a program or folder that this machine does not have
    │   └── UnsayableError    a text that cannot be pronounced
    ├── PackError           a model pack that is missing, damaged or unsafe
    ├── SoundFileError      a recording that cannot be read
    ├── DeviceError         a microphone that is missing, busy or unusable
    ├── ActionError         a local task that could not be carried out
    │   └── DesktopError    a bus, a desktop service or the X server that cannot be reached, or refused
    ├── InstanceError       the running program cannot be reached, or cannot be asked
    │   └── NotRunningError there is no running program
    ├── HotkeyError         a global hotkey that cannot be had
    ├── BenchError          a measurement that failed
    ├── PrivacyError        something could send data from this machine
    └── DataError           training data that is missing or broken

The user reads the message and the hint; the log holds the traceback.
"""

from __future__ import annotations


class VoiceAssistError(Exception):
    """An error with a message for the user and a hint at what to do next."""

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})"


class UsageError(VoiceAssistError):
    """The command line or a call was used wrongly."""


class ConfigError(VoiceAssistError):
    """Settings that cannot be read or are not allowed."""


class GrammarError(VoiceAssistError):
    """A command file with a mistake; the message begins with ``file:line:column``.

    Attributes:
        what: the message without that place.
        file: the file with the mistake; ``None`` where it is in no single one.
        line: where in the file, counted from 1; 0 where that is not known.
        others: the first mistakes of other files that were found at the same time.
        more: further mistakes of the same file.
    """

    def __init__(
        self, message: str, *, hint: str, file: str | None = None, line: int = 0, what: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.what = message.removeprefix(file or "").lstrip(":0123456789").strip() if what is None else what
        self.file = file
        self.line = line
        self.others: tuple[GrammarError, ...] = ()
        self.more: tuple[GrammarError, ...] = ()

    @property
    def mistakes(self) -> tuple[GrammarError, ...]:
        """This and all others of the same file."""
        return (self, *self.more)


class UnsayableError(GrammarError):
    """A text of a command file has no words that could be pronounced."""


class UnknownNameError(GrammarError):
    """A command file refers to a list or rule that no file has; ``name`` is that of the list or rule."""

    def __init__(
        self, message: str, *, hint: str, name: str, file: str | None = None, line: int = 0, what: str | None = None
    ) -> None:
        super().__init__(message, hint=hint, file=file, line=line, what=what)
        self.name = name


class MissingError(GrammarError):
    """A command file names something that this machine does not have; ``intent`` is the command that needs it."""

    intent = ""


class PackError(VoiceAssistError):
    """A model pack that is missing, damaged or unsafe; the message lists every problem found."""


class SoundFileError(VoiceAssistError):
    """A recording that cannot be read."""


class DeviceError(VoiceAssistError):
    """A microphone that is missing, busy or unusable."""


class ActionError(VoiceAssistError):
    """A local task that could not be carried out."""


class DesktopError(ActionError):
    """A bus, a desktop service or the X server cannot be reached, or refused."""


class InstanceError(VoiceAssistError):
    """The running program cannot be reached, or cannot be asked."""


class NotRunningError(InstanceError):
    """There is no running program."""


class HotkeyError(VoiceAssistError):
    """A global hotkey that cannot be had."""


class BenchError(VoiceAssistError):
    """A measurement that failed."""


class PrivacyError(VoiceAssistError):
    """Something could send data from this machine; the program refuses to go on."""


class DataError(VoiceAssistError):
    """Training data that is missing or broken."""


def reason_of(error: BaseException) -> str:
    """What an error says to people: of an error of the system its words without its number."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    return error.strerror if error.filename is None else f"{error.strerror}: {error.filename}"
