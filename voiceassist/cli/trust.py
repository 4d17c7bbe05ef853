"""``voiceassist trust``: consent to what command files may run, and its prompt on the terminal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from voiceassist.action_spec import ConsentRequest
from voiceassist.actions.consent import consent_for
from voiceassist.cli.assembly import Assembly
from voiceassist.cli.output import print_json, print_note
from voiceassist.errors import UsageError
from voiceassist.grammar.files.command_file import CommandFile, read_command_file
from voiceassist.grammar.files.program_lists import list_consent
from voiceassist.grammar.values.lists import ProgramList

_SHOWN_HASH = 12


def ask_on_terminal(request: ConsentRequest) -> bool:
    """Show word for word what would run and ask for consent; refused without a terminal."""
    if not sys.stdin.isatty():
        return False
    print_note("A command file wants to:")
    for line in request.lines:
        print_note(f"  {line}")
    print("Allow exactly this, now and later? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def list_trust(options: argparse.Namespace) -> int:
    """List the consents."""
    consents = Assembly().trust.consents()
    for consent in consents:
        if options.json:
            print_json({"hash": consent.content_hash, "lines": list(consent.lines), "agreed_at": consent.agreed_at})
        else:
            print(f"{consent.content_hash[:_SHOWN_HASH]}  {consent.agreed_at}")
            print("\n".join(f"    {line}" for line in consent.lines))
    if not consents and not options.json:
        print_note("you have not agreed to anything yet")
    return 0


def agree(options: argparse.Namespace) -> int:
    """Ask for consent to everything that command files want to run; 1 if something was refused.

    Raises:
        UsageError: standard input is not a terminal.
    """
    assembly = Assembly()
    open_requests = [
        request
        for request in requests_of([read_command_file(file) for file in options.files or assembly.command_files()])
        if not assembly.trust.is_agreed(request)
    ]
    if open_requests and not sys.stdin.isatty():
        what = "; ".join(line for request in open_requests for line in request.lines)
        raise UsageError(
            f"standard input is not a terminal, so you cannot be asked about: {what}", hint="run it in a terminal"
        )
    refused = 0
    for request in open_requests:
        if ask_on_terminal(request):
            assembly.trust.agree(request)
        else:
            refused += 1
    if not open_requests:
        print_note("you have agreed to everything already, or nothing needs consent")
    return 1 if refused else 0


def revoke(options: argparse.Namespace) -> int:
    """Revoke consents; 1 if none has a hash with that prefix."""
    revoked = Assembly().trust.revoke("" if options.hash == "all" else options.hash)
    for consent in revoked:
        print_note(f"no longer allowed: {'; '.join(consent.lines)}")
    if not revoked:
        print_note(f"there is no consent with the hash {options.hash}")
    return 0 if revoked else 1


def requests_of(files: Sequence[CommandFile]) -> list[ConsentRequest]:
    """All that files want to run: by the actions of their intents and by their lists."""
    found: dict[str, ConsentRequest] = {}
    for file in files:
        actions = (consent_for(head.action, head.arguments or {}) for head in file.heads if head.action is not None)
        every = [*file.lists.values(), *(entry for block in file.blocks for entry in block.lists.values())]
        lists = (list_consent(entry) for entry in every if isinstance(entry, ProgramList))
        found.update({request.content_hash: request for request in (*actions, *lists) if request is not None})
    return list(found.values())
