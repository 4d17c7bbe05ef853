"""What the user has agreed that command files may run, remembered by a hash of exactly that."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from voiceassist.action_spec import ConsentRequest
from voiceassist.config.files import locked, read_untrusted, write_atomically
from voiceassist.errors import ActionError, ConfigError
from voiceassist.i18n import mark

TRUST_FILE = "trust.json"
"""Its name in the data folder."""

MAX_BYTES = 16 << 20

log = logging.getLogger(__name__)


class ConsentNeededError(ActionError):
    """A command file wants to do something that the user has not agreed to.

    Attributes:
        request: what would be done.
    """

    def __init__(self, request: ConsentRequest) -> None:
        what = "; ".join(request.lines)
        message = mark("you have not agreed to this yet: {what}", what=what)
        super().__init__(message, hint=mark("agree with: voiceassist trust agree"))
        self.request = request


def consent_request(content: Any, lines: Sequence[str]) -> ConsentRequest:
    """A request for JSON-like content; the same content always has the same hash, whatever the order of its keys."""
    canonical = json.dumps(
        _with_text_keys(content), sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=repr
    )
    return ConsentRequest(hashlib.sha256(canonical.encode("ascii")).hexdigest(), tuple(lines))


def _with_text_keys(content: Any) -> Any:
    """The content with each mapping that has other keys than text, which YAML allows, as a list of its pairs."""
    if isinstance(content, Mapping):
        values = {key: _with_text_keys(value) for key, value in content.items()}
        if all(isinstance(key, str) for key in values):
            return values
        return {"": sorted(([repr(key), value] for key, value in values.items()), key=lambda pair: str(pair[0]))}
    return [_with_text_keys(part) for part in content] if isinstance(content, list | tuple) else content


@dataclass(frozen=True, slots=True)
class Consent:
    """Something that the user has agreed to.

    Attributes:
        content_hash: of what was agreed to.
        lines: what was shown.
        agreed_at: date and time, ISO 8601 in UTC.
    """

    content_hash: str
    lines: tuple[str, ...]
    agreed_at: str


class TrustStore:
    """A JSON file of consents. It is read anew for each question, so that a consent taken back counts at once.

    Thread: any.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def is_agreed(self, request: ConsentRequest) -> bool:
        """Whether the user has agreed to exactly this."""
        return any(consent.content_hash == request.content_hash for consent in self.consents())

    def consents(self) -> tuple[Consent, ...]:
        """All that was agreed to, oldest first; nothing where the file cannot be read."""
        try:
            entries = json.loads(read_untrusted(self._path, MAX_BYTES))["consents"]
            return tuple(
                Consent(str(entry["hash"]), tuple(map(str, entry["lines"])), str(entry["agreed_at"]))
                for entry in entries
            )
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            log.warning("%s cannot be read, so nothing counts as agreed to: %s", self._path, error)
            return ()

    def agree(self, request: ConsentRequest) -> None:
        """Remember a consent.

        Raises:
            ConfigError: it cannot be written.
        """
        with self._alone():
            others = [found for found in self.consents() if found.content_hash != request.content_hash]
            now = datetime.now(tz=UTC).isoformat(timespec="seconds")
            self._write([*others, Consent(request.content_hash, request.lines, now)])

    def revoke(self, hash_prefix: str) -> tuple[Consent, ...]:
        """Take back every consent whose hash begins so, and return them.

        Raises:
            ConfigError: it cannot be written.
        """
        with self._alone():
            found = self.consents()
            revoked = tuple(consent for consent in found if consent.content_hash.startswith(hash_prefix))
            if revoked:
                self._write([consent for consent in found if consent not in revoked])
        return revoked

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other thread and no other program changes the file meanwhile."""
        try:
            with self._lock, locked(self._path):
                yield
        except OSError as error:
            raise ConfigError(
                f"{self._path}: the consent cannot be written: {error.strerror}",
                hint="check the folder and the space on disk",
            ) from error

    def _write(self, consents: Sequence[Consent]) -> None:
        entries = [
            {"hash": consent.content_hash, "lines": list(consent.lines), "agreed_at": consent.agreed_at}
            for consent in consents
        ]
        content = json.dumps({"version": 1, "consents": entries}, indent=1, ensure_ascii=False)
        write_atomically(self._path, content.encode("utf-8"))
