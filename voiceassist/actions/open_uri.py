"""Folders, web sites and searches, opened in the user's own programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus, urlsplit

from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.slot_templates import PLACEHOLDER, fill, placeholders
from voiceassist.domain import ActionOutcome, Parameter
from voiceassist.errors import ActionError

SEARCH_URL = "https://duckduckgo.com/?q={words}"
"""Where ``web.search`` looks unless the command says ``url``."""


class OpenUriActions:
    """``folder.open``, ``web.open`` and ``web.search``."""

    def __init__(self, registry: ActionRegistry, open_uri: Callable[[str], None]) -> None:
        self._open_uri = open_uri
        registry.register("folder.open", self.open_folder, Parameter("folder", description="a path"))
        registry.register("web.open", self.open_site, Parameter("url"))
        registry.register("url.open", self.open_url, Parameter("url", template=True, description="with {slots}"))
        pattern = Parameter("url", required=False, description="of another search engine, with {words} in it")
        registry.register("web.search", self.search, Parameter("text"), pattern)

    def open_folder(self, call: ActionCall) -> ActionOutcome:
        """Opens the folder ``folder``, a path, in the file manager."""
        folder = Path(call.needed_text("folder")).expanduser()
        if not folder.is_dir():
            raise ActionError(f"there is no folder {folder}", hint="make it first, or say another one")
        self._open_uri(str(folder))
        return ActionOutcome(True, f"Opened {folder.name or folder}.")

    def open_site(self, call: ActionCall) -> ActionOutcome:
        """Opens the address ``url`` in the browser."""
        url = call.needed_text("url")
        if not _is_web(url):
            raise call.nonsense("url", "an address that begins with https:// or http://")
        self._open_uri(url)
        return ActionOutcome(True, f"Opened {urlsplit(url).hostname}.")

    def open_url(self, call: ActionCall) -> ActionOutcome:
        """Opens a web address, in which slots may stand, in the browser."""
        template = call.arguments.get("url")
        if not isinstance(template, str):
            raise call.missing("url")
        whole = PLACEHOLDER.fullmatch(template)
        if whole:
            return self.open_site(ActionCall(call.name, {"url": call.slots.get(whole[1])}))
        if placeholders(template.partition("//")[2].partition("/")[0]):
            raise ActionError("a slot cannot be part of the host", hint="write the host out, or url: '{slot}'")
        return self.open_site(
            ActionCall(call.name, {"url": fill(template, call.slots, lambda value: quote(value, safe=""))})
        )

    def search(self, call: ActionCall) -> ActionOutcome:
        """Searches the web for ``text``, with the address ``url`` in which ``{words}`` stands for it."""
        words = call.needed_text("text")
        pattern = call.needed_text("url") if call.value("url") is not None else SEARCH_URL
        if "{words}" not in pattern or not _is_web(pattern.replace("{words}", "")):
            raise call.nonsense("url", "an address that begins with https:// and has {words} in it")
        self._open_uri(pattern.replace("{words}", quote_plus(words)))
        return ActionOutcome(True, f"Searching for {words}.")


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False
