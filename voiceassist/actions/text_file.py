"""A text file of the user's own, such as notes or a list, which several processes may change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from voiceassist.config.files import locked, read_untrusted, write_atomically
from voiceassist.errors import ActionError


class TextFile:
    """Reads and writes the whole file.

    Args:
        path: of the file; it need not exist.
        what: what the user calls it in errors, in the plural or with its article: ``the notes``.
        max_bytes: a longer file is refused.
    """

    def __init__(self, path: Path, what: str, max_bytes: int) -> None:
        self.path = path
        self._what = what
        self._max_bytes = max_bytes

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """No other thread and no other process changes the file meanwhile.

        Raises:
            ActionError: the folder cannot be written to.
        """
        with ExitStack() as stack:
            try:
                stack.enter_context(locked(self.path))
            except OSError as error:
                raise self._failed("written", error) from error
            yield

    def read(self) -> str:
        """The content; empty if there is no such file.

        Raises:
            ActionError: it cannot be read, is too long, or is not UTF-8.
        """
        try:
            return read_untrusted(self.path, self._max_bytes).decode("utf-8-sig")
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except UnicodeDecodeError as error:
            what = f"{self._what} cannot be read, because {self.path} is no longer text in UTF-8"
            raise ActionError(what, hint="open the file in an editor and save it as UTF-8") from error
        except OSError as error:
            raise self._failed("read", error) from error

    def write(self, content: str) -> None:
        """Replace the content.

        Raises:
            ActionError: it cannot be written.
        """
        try:
            write_atomically(self.path, content.encode("utf-8"))
        except (OSError, UnicodeEncodeError) as error:
            raise self._failed("written", error) from error

    def _failed(self, doing: str, error: OSError | UnicodeError) -> ActionError:
        reason = error.strerror if isinstance(error, OSError) else error
        return ActionError(
            f"{self._what} cannot be {doing}: {reason}", hint=f"check the space on disk and the file {self.path}"
        )
