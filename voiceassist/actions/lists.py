"""Lists such as a shopping list: plain text files, one line per item."""

from __future__ import annotations

from pathlib import Path

from voiceassist.action_spec import ActionOutcome, Parameter, Risk
from voiceassist.actions.applications import words_of
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.text_file import TextFile
from voiceassist.errors import ActionError
from voiceassist.i18n import mark

MAX_NAME_CHARS = 60
MAX_LIST_BYTES = 1024 * 1024
_ARTICLES = {"the", "a", "an", "some", "my"}


class ListActions:
    """``list.add``, ``list.read``, ``list.remove`` and ``list.clear``.

    Args:
        registry: gets the actions.
        folder: of the lists, each a file with its name.
    """

    def __init__(self, registry: ActionRegistry, folder: Path) -> None:
        self._registry = registry
        self._folder = folder
        name = Parameter("list", description="its name, for example shopping")
        item = Parameter("item")
        registry.register("list.add", self.add, item, name, risk=Risk.CHANGES, undo=True)
        registry.register("list.read", self.read, name)
        registry.register("list.remove", self.remove, item, name, risk=Risk.CHANGES, undo=True)
        registry.register("list.clear", self.clear, name, risk=Risk.DESTROYS, undo=True)

    def add(self, call: ActionCall) -> ActionOutcome:
        """Adds ``item`` at the end of a list, unless it is there; the list is created if there is none."""
        wanted, item = self._open(call), " ".join(call.needed_text("item").split())
        with wanted.file.exclusive():
            items = wanted.items()
            if item.casefold() in map(str.casefold, items):
                return ActionOutcome(True, mark("Already on your {list} list: {item}", list=wanted.name, item=item))
            wanted.write([*items, item])

        def take_off() -> str:
            with wanted.file.exclusive():
                items = wanted.items()
                if item not in items:
                    raise wanted.does_not_have(item)
                at = len(items) - 1 - items[::-1].index(item)
                wanted.write(items[:at] + items[at + 1 :])
            return mark("Taken off your {list} list: {item}", list=wanted.name, item=item)

        token = self._registry.remember(take_off)
        return ActionOutcome(True, mark("Added to your {list} list: {item}", list=wanted.name, item=item), token)

    def read(self, call: ActionCall) -> ActionOutcome:
        """Says the items of a list."""
        wanted = self._open(call)
        items = ", ".join(wanted.items())
        if not items:
            return ActionOutcome(True, mark("Your {list} list is empty.", list=wanted.name))
        return ActionOutcome(True, mark("On your {list} list: {items}.", list=wanted.name, items=items))

    def remove(self, call: ActionCall) -> ActionOutcome:
        """Takes ``item`` off a list, or the only item with these words: ``flour`` is ``two pounds of flour``."""
        wanted, text = self._open(call), call.needed_text("item")
        with wanted.file.exclusive():
            items = wanted.items()
            words = set(words_of(text).split()) - _ARTICLES
            found = next((item for item in items if words_of(item) == words_of(text)), None)
            if found is None:
                having = [item for item in items if words and words <= set(words_of(item).split())]
                if len(having) > 1:
                    raise ActionError(
                        f"{' and '.join(having)} are on your {wanted.name} list", hint="say which of them"
                    )
                if not having:
                    raise wanted.does_not_have(text)
                found = having[0]
            at = items.index(found)
            wanted.write(items[:at] + items[at + 1 :])

        def put_back() -> str:
            with wanted.file.exclusive():
                items = wanted.items()
                wanted.write([*items[:at], found, *items[at:]])
            return mark("Back on your {list} list: {item}", list=wanted.name, item=found)

        token = self._registry.remember(put_back)
        return ActionOutcome(True, mark("Taken off your {list} list: {item}", list=wanted.name, item=found), token)

    def clear(self, call: ActionCall) -> ActionOutcome:
        """Removes all items of a list."""
        wanted = self._open(call)
        with wanted.file.exclusive():
            removed = wanted.items()
            wanted.write([])

        def put_back() -> str:
            with wanted.file.exclusive():
                wanted.write([*removed, *wanted.items()])
            return mark("All items are back on your {list} list.", list=wanted.name)

        done = mark("Your {list} list is empty now.", list=wanted.name)
        return ActionOutcome(True, done, self._registry.remember(put_back))

    def _open(self, call: ActionCall) -> _NamedList:
        """The list that a call names. Only words make a file name, so that it never leaves the folder."""
        name = words_of(call.needed_text("list"))[:MAX_NAME_CHARS].strip()
        if not name:
            raise call.nonsense("list", "a name made of words")
        return _NamedList(name, TextFile(self._folder / f"{name}.txt", f"your {name} list", MAX_LIST_BYTES))


class _NamedList:
    def __init__(self, name: str, file: TextFile) -> None:
        self.name = name
        self.file = file

    def items(self) -> list[str]:
        return [line.strip() for line in self.file.read().splitlines() if line.strip()]

    def write(self, items: list[str]) -> None:
        self.file.write("".join(f"{item}\n" for item in items))

    def does_not_have(self, item: str) -> ActionError:
        return ActionError(
            mark("{item} is not on your {list} list", item=item, list=self.name),
            hint=mark("ask: what is on my {list} list", list=self.name),
        )
