"""Construction of graphs from their ends, without recursion: sentences can have hundreds of words."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

Key = TypeVar("Key", bound=Hashable)
Seen = TypeVar("Seen")
Built = TypeVar("Built")


def bottom_up(
    root: Key,
    built: dict[Key, Built],
    look: Callable[[Key], Seen],
    needed: Callable[[Seen], Iterable[Key]],
    build: Callable[[Key, Seen], Built],
) -> Built:
    """Build what a key stands for after everything that it needs.

    Args:
        root: the key.
        built: what is built, by key; it is added to.
        look: what a key consists of; called once for each.
        needed: the keys that must be built before.
        build: builds a key.
    """
    seen: dict[Key, Seen] = {}
    waiting = [root]
    while waiting:
        key = waiting[-1]
        if key in built:
            waiting.pop()
            continue
        if key not in seen:
            seen[key] = look(key)
        missing = [before for before in needed(seen[key]) if before not in built]
        if missing:
            waiting.extend(reversed(missing))
            continue
        waiting.pop()
        built[key] = build(key, seen.pop(key))
    return built[root]


def fold_trie(trie: dict[int, Any], node: Callable[[list[tuple[int, Any]]], int]) -> int:
    """The node of a trie: ``node`` makes one of its arcs, after those of all inner tries."""
    built: dict[int, int] = {}
    waiting = [trie]
    while waiting:
        branch = waiting[-1]
        missing = [after for after in branch.values() if isinstance(after, dict) and id(after) not in built]
        if missing:
            waiting.extend(reversed(missing))
            continue
        waiting.pop()
        arcs = [(label, built[id(after)] if isinstance(after, dict) else after) for label, after in branch.items()]
        built[id(branch)] = node(arcs)
    return built[id(trie)]
