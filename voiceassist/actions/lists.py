"""Lists such as a shopping list: plain text files, one line an entry."""

from __future__ import annotations

import threading
from pathlib import Path

from voiceassist.actions.applications import words_of
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionRegistry
from voiceassist.config.files import write_atomically
from voiceassist.domain import ActionOutcome, Parameter, Risk
from voiceassist.errors import ActionError

MAX_NAME_CHARS = 60
MAX_LIST_BYTES = 1024 * 1024


class ListActions:
    """``list.add``, ``list.read``, ``list.remove`` and ``list.clear``.

    Args:
        registry: gets the actions.
        folder: where the lists are, each a file named after it.
    """

    def __init__(self, registry: ActionRegistry, folder: Path) -> None:
        self._registry = registry
        self._folder = folder
        self._lock = threading.Lock()
        name = Parameter("list", description="its name, for example shopping")
        item = Parameter("item")
        registry.register("list.add", self.add, item, name, risk=Risk.CHANGES, undo=True)
        registry.register("list.read", self.read, name)
        registry.register("list.remove", self.remove, item, name, risk=Risk.CHANGES, undo=True)
        registry.register("list.clear", self.clear, name, risk=Risk.DESTROYS, undo=True)

    def add(self, call: ActionCall) -> ActionOutcome:
        """Writes ``item`` at the end of a list, which is made if there is none."""
        name, item = self._name(call), " ".join(call.needed_text("item").split())
        with self._lock:
            before = self._items(name)
            self._write(name, [*before, item])
        return ActionOutcome(True, f"Added to your {name} list: {item}", self._undo(name, before))

    def read(self, call: ActionCall) -> ActionOutcome:
        """Says what is on a list."""
        name = self._name(call)
        items = self._items(name)
        told = f"On your {name} list: {', '.join(items)}." if items else f"Your {name} list is empty."
        return ActionOutcome(True, told)

    def remove(self, call: ActionCall) -> ActionOutcome:
        """Takes ``item`` off a list."""
        name, wanted = self._name(call), words_of(call.needed_text("item"))
        with self._lock:
            before = self._items(name)
            found = next((item for item in before if words_of(item) == wanted), None)
            if found is None:
                raise ActionError(f"that is not on your {name} list", hint=f"ask: what is on my {name} list")
            at = before.index(found)
            self._write(name, before[:at] + before[at + 1 :])
        return ActionOutcome(True, f"Taken off your {name} list: {found}", self._undo(name, before))

    def clear(self, call: ActionCall) -> ActionOutcome:
        """Takes everything off a list."""
        name = self._name(call)
        with self._lock:
            before = self._items(name)
            self._write(name, [])
        return ActionOutcome(True, f"Your {name} list is empty now.", self._undo(name, before))

    def _undo(self, name: str, before: list[str]) -> str:
        def put_back() -> str:
            with self._lock:
                self._write(name, before)
            return f"Your {name} list is as it was."

        return self._registry.remember(put_back)

    @staticmethod
    def _name(call: ActionCall) -> str:
        """The list's name as words: no value of a slot leaves the folder or hides a file."""
        name = words_of(call.needed_text("list"))[:MAX_NAME_CHARS].strip()
        if not name:
            raise call.nonsense("list", "a name made of words")
        return name

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.txt"

    def _items(self, name: str) -> list[str]:
        file = self._file(name)
        try:
            if not file.exists():
                return []
            if file.stat().st_size > MAX_LIST_BYTES:
                raise ActionError(f"your {name} list is too long", hint=f"shorten {file}")
            return [line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        except (OSError, UnicodeDecodeError) as error:
            raise ActionError(f"your {name} list cannot be read: {error}", hint=f"look at {file}") from error

    def _write(self, name: str, items: list[str]) -> None:
        content = "".join(f"{item}\n" for item in items)
        try:
            write_atomically(self._file(name), content.encode("utf-8"))
        except OSError as error:
            raise ActionError(
                f"your {name} list cannot be written: {error.strerror}",
                hint=f"see whether there is room in {self._folder}",
            ) from error
