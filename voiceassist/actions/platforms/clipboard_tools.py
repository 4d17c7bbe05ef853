"""The clipboard through the tools of the desktop: wl-clipboard, xclip or xsel, pbcopy."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from voiceassist.actions.process import user_environment
from voiceassist.errors import ActionError

_TIMEOUT_S = 3.0
_WAYLAND = (("wl-paste", "--no-newline"), ("wl-copy",))
_X11 = (
    (("xclip", "-selection", "clipboard", "-out"), ("xclip", "-selection", "clipboard", "-in")),
    (("xsel", "--clipboard", "--output"), ("xsel", "--clipboard", "--input")),
)
_MACOS = (("pbpaste",), ("pbcopy",))


@dataclass(frozen=True, slots=True)
class ClipboardTools:
    """Two commands: one prints the clipboard, the other reads it from standard input."""

    paste: Sequence[str]
    copy: Sequence[str]

    @classmethod
    def of_linux(cls, *, wayland: bool) -> ClipboardTools:
        """The tools of this session.

        Raises:
            ActionError: there are none.
        """
        for paste, copy in (_WAYLAND,) if wayland else _X11:
            if shutil.which(paste[0]):
                return cls(paste, copy)
        package = "wl-clipboard" if wayland else "xclip"
        raise ActionError("there is no clipboard tool", hint=f"install the package {package}")

    @classmethod
    def of_macos(cls) -> ClipboardTools:
        """The system's own tools."""
        return cls(*_MACOS)

    def read(self) -> str:
        """The clipboard's text; empty if it holds none."""
        return self._run(self.paste, None, check=False).decode("utf-8", "replace")

    def write(self, text: str) -> None:
        """Copies a text to the clipboard."""
        self._run(self.copy, text.encode("utf-8", "replace"), check=True)

    def _run(self, argv: Sequence[str], content: bytes | None, *, check: bool) -> bytes:
        # The copying tool keeps running to serve the text, so it must not hold one of our pipes open.
        reading = content is None
        try:
            done = subprocess.run(
                list(argv),
                input=content,
                stdin=subprocess.DEVNULL if reading else None,
                stdout=subprocess.PIPE if reading else subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=user_environment(os.environ),
                timeout=_TIMEOUT_S,
                check=False,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired as error:
            raise ActionError(f"{argv[0]} did not finish in {_TIMEOUT_S:g} s", hint="try again") from error
        except OSError as error:
            raise ActionError(f"{argv[0]} cannot be started: {error.strerror}", hint="install it again") from error
        if check and done.returncode != 0:
            raise ActionError(f"{argv[0]} failed", hint="check that you are logged in to a desktop session")
        return done.stdout or b""
