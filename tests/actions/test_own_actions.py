"""Programs, services, keys and steps of a command file, with values as hostile as they come."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from voiceassist.action_spec import ActionOutcome
from voiceassist.actions.builtin import default_registry
from voiceassist.actions.consent import consent_for
from voiceassist.actions.http_call import local_address
from voiceassist.actions.registry import ActionRegistry
from voiceassist.config.trust import TRUST_FILE, TrustStore
from voiceassist.errors import ActionError
from voiceassist.open_time import OpenTime

Agreed = Callable[[str, dict[str, Any], dict[str, Any]], ActionOutcome]


@pytest.fixture
def trust(tmp_path: Path) -> TrustStore:
    return TrustStore(tmp_path / "data" / TRUST_FILE)


@pytest.fixture
def agreed(registry: ActionRegistry, trust: TrustStore) -> Agreed:
    """Runs an action that the user has agreed to."""

    def run(action: str, arguments: dict[str, Any], slots: dict[str, Any]) -> ActionOutcome:
        request = consent_for(action, arguments)
        assert request is not None
        trust.agree(request)
        return registry.run(action, arguments, slots)

    return run


@pytest.fixture(scope="module")
def echo(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A program that prints its arguments as JSON."""
    script = tmp_path_factory.mktemp("echo") / "echo.py"
    script.write_text("import json, sys\nprint(json.dumps(sys.argv[1:]))\n")
    return [sys.executable, str(script)]


HOSTILE = [
    "'; touch pwned; '", '"$(touch pwned)"', "`touch pwned`", "a\nb\r\nc", "$HOME ~ * ?", "{other}", "{text}", "%s",
    "a b  c", "\\", "x" * 100_000, "ü€漢", "a|b>c<d&e", "../../etc/passwd", "",
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_is_one_plain_argument(agreed: Agreed, echo: list[str], tmp_path: Path, value: str) -> None:
    arguments = {"argv": [*echo, "first", "{text}", "in={text}"], "output": "type", "folder": str(tmp_path)}
    printed: list[str] = []
    script = {**arguments, "output": "say"}
    if len(value) < 300:
        printed = json.loads(agreed("program.run", script, {"text": value, "other": "no"}).message)
    else:  # what is said is shortened, so that the program writes it itself
        copy = [sys.executable, "-c", "import sys; open('out', 'w').write(sys.argv[2])", "first", "{text}"]
        agreed("program.run", {"argv": copy, "folder": str(tmp_path)}, {"text": value})
        printed = ["first", (tmp_path / "out").read_text(), f"in={value}"]
    assert printed == ["first", value, f"in={value}"]
    assert not (tmp_path / "pwned").exists()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60))
@example("-rf")
def test_no_value_becomes_an_option(agreed: Agreed, echo: list[str], value: str) -> None:
    arguments = {"argv": [*echo, "{text}"]}
    if value.startswith("-"):
        with pytest.raises(ActionError, match="for an option"):
            agreed("program.run", arguments, {"text": value})
        after_dashes = agreed("program.run", {"argv": [*echo, "--", "{text}"]}, {"text": value})
        assert json.loads(after_dashes.message) == ["--", value]
    else:
        assert json.loads(agreed("program.run", arguments, {"text": value}).message) == [value]


def test_slots_never_replace_what_the_user_agreed_to(agreed: Agreed, echo: list[str], tmp_path: Path) -> None:
    slots = {"argv": ["touch", "pwned"], "folder": str(tmp_path), "output": "nothing", "environment": {"X": "1"}}
    assert agreed("program.run", {"argv": [*echo, "a"]}, slots).message == '["a"]'
    assert not (tmp_path / "pwned").exists()


def test_an_optional_slot_that_was_not_said_is_no_argument(agreed: Agreed, echo: list[str]) -> None:
    told = agreed("program.run", {"argv": [*echo, "{a}", "{count}", "b={b}"]}, {"count": 3.0}).message
    assert json.loads(told) == ["3", "b="]


def test_a_program_gets_one_time_for_an_hour_that_can_be_two(agreed: Agreed, echo: list[str]) -> None:
    slots = {"time": OpenTime("05:00"), "date": "2090-01-02"}
    arguments = {"argv": [*echo, "{time}", "at={time}"]}
    assert json.loads(agreed("program.run", arguments, slots).message) == ["17:00", "at=17:00"]
    assert agreed("program.run", {"argv": ["true"], "done": "Set for {time}."}, slots).message == "Set for 17:00."
    before = datetime.now()  # noqa: DTZ005 - what the clock shows here
    (told,) = json.loads(agreed("program.run", {"argv": [*echo, "{time}"]}, {"time": OpenTime("05:00")}).message)
    now = datetime.now()  # noqa: DTZ005
    assert told in {f"{OpenTime('05:00').after(moment):%H:%M}" for moment in (before, now)}


def test_folder_environment_and_status(agreed: Agreed, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    script = "import os; print(os.getcwd(), os.environ['NAME'])"
    call = {"argv": [sys.executable, "-c", script], "folder": str(tmp_path / "here"), "environment": {"NAME": "<{x}>"}}
    assert agreed("program.run", call, {"x": "$HOME"}).message == f"{tmp_path}/here <$HOME>"
    with pytest.raises(ActionError, match=r"failed \(status 3\): that was wrong"):
        agreed("program.run", {"argv": ["sh", "-c", "echo that was wrong >&2; exit 3"]}, {})
    with pytest.raises(ActionError, match="no program 'no-such-program'"):
        agreed("program.run", {"argv": ["no-such-program"]}, {})
    assert agreed("program.run", {"argv": ["true"], "done": "All fine, {x}."}, {"x": 3.0}).message == "All fine, 3."
    quiet = {"argv": ["echo", "unsaid"], "output": "nothing"}
    assert agreed("program.run", quiet, {}).message == "echo is done."


def test_a_relative_program_is_that_of_its_folder(
    agreed: Agreed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for folder, said in ((tmp_path, "at home"), (tmp_path / "mine", "in the folder")):
        folder.mkdir(exist_ok=True)
        (folder / "tell").write_text(f"#!/bin/sh\necho {said}\n", encoding="utf-8")
        (folder / "tell").chmod(0o700)
    assert agreed("program.run", {"argv": ["./tell"]}, {}).message == "at home"
    assert agreed("program.run", {"argv": ["./tell"], "folder": "mine"}, {}).message == "in the folder"
    assert agreed("program.run", {"argv": ["mine/tell"], "folder": "~"}, {}).message == "in the folder"
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ActionError, match=r"no program '\./tell'"):
        agreed("program.run", {"argv": ["./tell"], "folder": "/"}, {})


def test_a_program_that_takes_too_long_is_ended_with_its_children(agreed: Agreed, tmp_path: Path) -> None:
    late = f"(sleep 2; touch {tmp_path}/late) & setsid sh -c '(sleep 2; touch {tmp_path}/later) &' & sleep 60"
    argv = ["sh", "-c", late]
    with pytest.raises(ActionError, match=r"took longer than 0\.3 s"):
        agreed("program.run", {"argv": argv, "time_limit_s": 0.3}, {})
    threading.Event().wait(2.2)
    assert [*tmp_path.glob("late*")] == []


def test_a_program_that_prints_without_end_is_ended(agreed: Agreed) -> None:
    with pytest.raises(ActionError, match="printed too much"):
        agreed("program.run", {"argv": ["yes"], "time_limit_s": 60}, {})


def test_nothing_runs_before_consent_and_nothing_else_after_it(
    registry: ActionRegistry, trust: TrustStore, tmp_path: Path
) -> None:
    arguments = {"argv": ["touch", str(tmp_path / "ran")]}
    outcome = registry.run("program.run", arguments, {})
    assert not outcome.done
    assert outcome.consent is not None
    assert outcome.consent.lines == (f"run touch {tmp_path}/ran",)
    assert not (tmp_path / "ran").exists()
    trust.agree(outcome.consent)
    changed = {"argv": ["touch", str(tmp_path / "other")]}
    assert registry.run("program.run", changed, {}).consent is not None
    assert registry.run("program.run", arguments, {}).done
    assert (tmp_path / "ran").exists()
    assert not (tmp_path / "other").exists()
    assert len(trust.revoke(outcome.consent.content_hash[:10])) == 1
    assert registry.run("program.run", arguments, {}).consent is not None


def test_the_consent_shows_everything_and_depends_on_everything() -> None:
    base: dict[str, Any] = {"argv": ["a", "b c", "{x}"], "folder": "~", "environment": {"A": "1"}}
    request = consent_for("program.run", base)
    assert request is not None
    assert request.lines == ("run a 'b c' '{x}', folder: '~', environment: {'A': '1'}",)
    changes = [{"argv": ["a", "b", "c", "{x}"]}, {"folder": "/"}, {"environment": {"A": "2"}}, {"time_limit_s": 5}]
    hashes = {consent_for("program.run", {**base, **change}).content_hash for change in changes}  # type: ignore[union-attr]
    assert len({request.content_hash, *hashes}) == 5
    step = {"action": "program.run", "arguments": {"argv": ["a"]}, "when": {"app": ["firefox"]}}
    conditional = consent_for("steps", {"steps": [step]})
    assert conditional is not None
    assert conditional.lines == ("run a, only when: {'app': ['firefox']}",)
    hidden = consent_for("program.run", {"argv": ["a", "\x1b[8mrm\n-rf"]})
    assert hidden is not None
    assert "\x1b" not in hidden.lines[0]
    assert "\n" not in hidden.lines[0]


@pytest.mark.parametrize(
    ("action", "arguments", "asks"),
    [
        ("volume.set", {"percent": 3}, False),
        ("text.type", {"text": "rm -rf\n"}, True),
        ("keys.type", {}, False),
        ("keys.press", {"keys": "ctrl+c"}, False),
        ("http.call", {"url": "http://localhost/"}, True),
        ("steps", {"steps": [{"action": "volume.set", "arguments": {"percent": 3}}]}, False),
        ("steps", {"steps": [{"action": "keys.type", "arguments": {}}, {"action": "keys.press"}]}, True),
        ("steps", {"steps": "nonsense"}, False),
        ("steps", {"steps": [7, {"action": "program.run", "arguments": []}]}, True),
    ],
)
def test_what_is_asked_about(action: str, arguments: dict[str, Any], asks: bool) -> None:
    assert (consent_for(action, arguments) is not None) == asks


@pytest.fixture
def service() -> Iterator[tuple[int, list[tuple[str, str, Any]]]]:
    """A service of this machine, and what it was called with."""
    calls: list[tuple[str, str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            calls.append((self.command, self.path, json.loads(self.rfile.read(size)) if size else None))
            moved = self.path.startswith("/moved")
            self.send_response(302 if moved else 200)
            if moved:
                self.send_header("Location", "http://192.0.2.1/")
            self.end_headers()
            self.wfile.write(b"21 degrees")

        do_GET = do_POST = answer  # noqa: N815

        def log_message(self, *_arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_port, calls
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_service_of_this_machine_is_called(agreed: Agreed, service: tuple[int, list[Any]]) -> None:
    port, calls = service
    url = f"http://localhost:{port}/api/{{room}}?x={{room}}"
    told = agreed("http.call", {"url": url, "output": "say"}, {"room": "a/b?c&d"}).message
    assert told == "21 degrees"
    body = {"room": "{room}", "on": True, "level": "{level}", "note": "in {room}"}
    call = {"url": f"http://127.0.0.1:{port}/set", "json": body, "done": "Light on."}
    assert agreed("http.call", call, {"room": 'kit"chen', "level": 40}).message == "Light on."
    assert calls == [
        ("GET", "/api/a%2Fb%3Fc%26d?x=a%2Fb%3Fc%26d", None),
        ("POST", "/set", {"room": 'kit"chen', "on": True, "level": 40, "note": 'in kit"chen'}),
    ]


def test_a_date_of_a_command_file_is_sent_as_text(agreed: Agreed, service: tuple[int, list[Any]]) -> None:
    port, calls = service
    agreed("http.call", {"url": f"http://localhost:{port}/", "json": {"day": date(2026, 3, 9)}}, {})
    assert calls == [("POST", "/", {"day": "2026-03-09"})]


def test_a_redirection_is_not_followed(agreed: Agreed, service: tuple[int, list[Any]]) -> None:
    with pytest.raises(ActionError, match="answered 302"):
        agreed("http.call", {"url": f"http://localhost:{service[0]}/moved"}, {})


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "http://192.168.1.1/", "https://localhost/", "file:///etc/passwd", "http://{host}/",
        "http://localhost@example.org/", "http://localhost.example.org/", "//localhost/", "http://0.0.0.0/", None, 7,
        "http://[::1", "http://localhost:99999/",
    ],
)  # fmt: skip
def test_no_other_machine_is_reached(url: Any) -> None:
    with pytest.raises(ActionError, match="only reaches this machine"):
        local_address(url, {"host": "localhost"})


def test_steps_stop_at_the_first_failure_and_undo_together(agreed: Agreed, tmp_path: Path) -> None:
    note = {"action": "note.add", "arguments": {"text": "one"}}
    touch = {"action": "program.run", "arguments": {"argv": ["touch", str(tmp_path / "{name}")]}}
    fail = {"action": "program.run", "arguments": {"argv": ["false"]}}
    outcome = agreed("steps", {"steps": [note, touch]}, {"name": "first"})
    assert outcome.message == "touch is done."
    assert (tmp_path / "first").exists()
    assert "one" in (tmp_path / "data" / "notes.md").read_text()
    assert outcome.undo_token is not None
    with pytest.raises(ActionError, match=r"step 2 of 3 \(program\.run\) failed.*; steps done before: 1"):
        agreed("steps", {"steps": [note, fail, touch]}, {"name": "second"})
    assert not (tmp_path / "second").exists()


def test_undoing_steps_undoes_each(registry: ActionRegistry, tmp_path: Path) -> None:
    steps = [{"action": "note.add", "arguments": {"text": text}} for text in ("one", "two")]
    outcome = registry.run("steps", {"steps": [*steps, {"action": "wait", "arguments": {"seconds": 0}}]}, {})
    assert outcome.undo_token is not None
    registry.undo(outcome.undo_token)
    assert (tmp_path / "data" / "notes.md").read_text() == "# Notes\n\n"


def test_many_steps_are_undone_together_and_keep_what_was_undoable_before(
    registry: ActionRegistry, tmp_path: Path
) -> None:
    notes = tmp_path / "data" / "notes.md"
    registry.run("note.add", {"text": "before"}, {})
    registry.run("steps", {"steps": [{"action": "note.add", "arguments": {"text": str(n)}} for n in range(30)]}, {})
    assert len(notes.read_text().splitlines()) == 33
    registry.undo_last()
    assert notes.read_text().splitlines()[2:] == [notes.read_text().splitlines()[-1]]
    assert notes.read_text().endswith(" before\n")
    assert registry.undo_last().message == "The note is gone: before"


def test_undo_of_steps_goes_on_after_one_that_cannot_be_undone(registry: ActionRegistry, tmp_path: Path) -> None:
    notes = tmp_path / "data" / "notes.md"
    steps = [{"action": "note.add", "arguments": {"text": text}} for text in ("one", "two", "three")]
    outcome = registry.run("steps", {"steps": steps}, {})
    notes.write_text("".join(line for line in notes.read_text().splitlines(keepends=True) if "two" not in line))
    assert outcome.undo_token is not None
    with pytest.raises(ActionError, match="not there any more"):
        registry.undo(outcome.undo_token)
    assert notes.read_text() == "# Notes\n\n"


def test_after_a_failure_the_steps_that_were_done_can_be_undone(registry: ActionRegistry, tmp_path: Path) -> None:
    steps = [{"action": "note.add", "arguments": {"text": text}} for text in ("one", "two")]
    with pytest.raises(ActionError, match=r"step 3 of 3 \(wait\) failed.*; steps done before: 2"):
        registry.run("steps", {"steps": [*steps, {"action": "wait", "arguments": {"seconds": -1}}]}, {})
    registry.undo_last()
    assert (tmp_path / "data" / "notes.md").read_text() == "# Notes\n\n"


def test_a_step_for_another_system_or_application_is_left_out(registry: ActionRegistry, tmp_path: Path) -> None:
    step: dict[str, Any] = {"action": "note.add", "arguments": {"text": "no"}}
    for when in ({"os": ["windows"]}, {"app": ["no such program"]}):
        outcome = registry.run("steps", {"steps": [{**step, "when": when}]}, {})
        assert outcome.message == "No step applies here."
    assert not (tmp_path / "data" / "notes.md").exists()
    assert registry.run("steps", {"steps": [{**step, "when": {"os": ["linux"]}}]}, {}).message == "Noted: no"


@pytest.mark.parametrize(
    "steps",
    [
        [],
        None,
        "x",
        [{"action": "steps"}],
        [{}],
        [{"action": "wait"}] * 51,
        [{"action": "wait", "arguments": None}],
        [{"action": "wait", "when": 3}],
    ],
)
def test_senseless_steps_are_refused(registry: ActionRegistry, steps: Any) -> None:
    with pytest.raises(ActionError, match="step"):
        registry.run("steps", {"steps": steps}, {})


def test_a_broken_file_of_consents_counts_as_none(trust: TrustStore, tmp_path: Path) -> None:
    request = consent_for("program.run", {"argv": ["true"]})
    assert request is not None
    trust.agree(request)
    assert trust.is_agreed(request)
    (tmp_path / "data" / TRUST_FILE).write_text('{"consents": [{"hash": 3}]}')
    assert not trust.is_agreed(request)


def test_without_a_trust_file_of_its_own_a_registry_asks(tmp_path: Path) -> None:
    asked: list[tuple[str, ...]] = []
    registry = default_registry(
        print, data=tmp_path, ask_consent=lambda request: bool(asked.append(request.lines)) or len(asked) > 1
    )
    assert registry.run("program.run", {"argv": ["true"]}, {}).consent is not None
    assert registry.run("program.run", {"argv": ["true"]}, {}).done
    assert registry.run("program.run", {"argv": ["true"]}, {}).done
    assert asked == [("run true",)] * 2
    registry.close()
