"""Folders, web sites and web searches, opened in the user's default programs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

from voiceassist.action_spec import ActionOutcome, ArgumentProblem, Parameter
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.slot_templates import PLACEHOLDER, fill, placeholders
from voiceassist.errors import ActionError
from voiceassist.i18n import mark

SEARCH_URL = "https://duckduckgo.com/?q={words}"
"""Search engine of ``web.search`` unless the command file sets ``url``."""


class OpenUriActions:
    """``folder.open``, ``web.open``, ``url.open`` and ``web.search``."""

    def __init__(self, registry: ActionRegistry, open_uri: Callable[[str], None]) -> None:
        self._open_uri = open_uri
        registry.register("folder.open", self.open_folder, Parameter("folder", description="a path"))
        registry.register("web.open", self.open_site, Parameter("url"))
        address = Parameter("url", template=True, description="with {slots}")
        registry.register("url.open", self.open_url, address, problems=url_problems)
        pattern = Parameter("url", required=False, description="of another search engine, with {words} in it")
        registry.register("web.search", self.search, Parameter("text"), pattern)

    def open_folder(self, call: ActionCall) -> ActionOutcome:
        """Opens the folder ``folder``, a path, in the file manager."""
        folder = existing_folder(call.needed_text("folder"))
        if folder is None:
            raise ActionError(
                mark("there is no folder {folder}", folder=call.value("folder")),
                hint=mark("create it first, or say another one"),
            )
        self._open_uri(str(folder))
        return ActionOutcome(True, mark("Opened {name}.", name=folder.name or folder))

    def open_site(self, call: ActionCall) -> ActionOutcome:
        """Opens the address ``url`` in the browser."""
        url = call.needed_text("url")
        if not _is_web(url):
            raise call.nonsense("url", "an address that begins with https:// or http://")
        self._open_uri(url)
        return ActionOutcome(True, mark("Opened {name}.", name=urlsplit(url).hostname))

    def open_url(self, call: ActionCall) -> ActionOutcome:
        """Opens a web address, which may contain slots, in the browser."""
        template = call.arguments.get("url")
        if not isinstance(template, str):
            raise call.missing("url")
        whole = PLACEHOLDER.fullmatch(template)
        if whole:
            return self.open_site(ActionCall(call.name, {"url": call.definite_slots.get(whole[1])}))
        for problem in url_problems(call.arguments):
            raise ActionError(problem.message, hint=problem.hint)
        url = fill(template, call.definite_slots, percent_encoded)
        return self.open_site(ActionCall(call.name, {"url": url}))

    def search(self, call: ActionCall) -> ActionOutcome:
        """Searches the web for ``text``; ``{words}`` in the address ``url`` stands for it."""
        words = call.needed_text("text")
        pattern = call.needed_text("url") if call.value("url") is not None else SEARCH_URL
        if "{words}" not in pattern or not _is_web(pattern.replace("{words}", "")):
            raise call.nonsense("url", "an address that begins with https:// and has {words} in it")
        self._open_uri(pattern.replace("{words}", quote_plus(words, errors="replace")))
        return ActionOutcome(True, mark("Searching for {words}.", words=words))


def url_problems(arguments: Mapping[str, Any]) -> Iterator[ArgumentProblem]:
    """An address that no browser opens, or whose host depends on what is said."""
    template = str(arguments.get("url", ""))
    if PLACEHOLDER.fullmatch(template):
        return
    if placeholders(template.partition("//")[2].partition("/")[0]):
        hint = mark("write the host out, or url: '{slot}'")
        yield ArgumentProblem("url", mark("a slot cannot be a part of the host name"), hint)
    elif not _is_web(template):
        hint = mark("correct it in the command file")
        yield ArgumentProblem("url", mark("url.open needs an address that begins with https:// or http://"), hint)


def percent_encoded(text: str) -> str:
    """A text as one part of a URL."""
    return quote(text, safe="", errors="replace")


def existing_folder(path: str) -> Path | None:
    """The folder of that path, with ``~`` for the home folder; ``None`` if there is none."""
    folder = Path(os.path.expanduser(path))  # noqa: PTH111 - pathlib's raises where a user is unknown
    return folder if os.path.isdir(folder) else None  # noqa: PTH112 - pathlib's raises where a name is too long


def _is_web(url: str) -> bool:
    try:
        url.encode()
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False
