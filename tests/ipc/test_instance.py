"""One instance, its socket and its callers, with real processes and sockets."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import pytest

from voiceassist.errors import InstanceError, NotRunningError
from voiceassist.ipc.address import MAX_PATH_BYTES, default_address, need_private_folder, pipe_name, socket_path
from voiceassist.ipc.client import ask
from voiceassist.ipc.messages import MAX_LINE_BYTES, Reply, Request, Verb, decode_reply, encode_request
from voiceassist.ipc.pipe import ask_pipe, claim_pipe
from voiceassist.ipc.unix import MAX_CONNECTIONS, SocketInstance, claim_socket, peer_user_id

HOLD_THE_CLAIM = """
import sys, time
from voiceassist.ipc.messages import Reply
from voiceassist.ipc.unix import claim_socket
instance = claim_socket(sys.argv[1])
instance.serve(lambda request: Reply(True, "from the other process"))
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture
def address(tmp_path: Path) -> str:
    return str(tmp_path / "run" / "control.sock")


def claimed_by(address: str, *, peer_user_id: Callable[[socket.socket], int] = peer_user_id) -> SocketInstance:
    instance = claim_socket(address, peer_user_id=peer_user_id)
    assert instance is not None
    return instance


@pytest.fixture
def claimed(address: str) -> Iterator[SocketInstance]:
    before = set(threading.enumerate())
    instance = claimed_by(address)
    yield instance
    instance.close()
    instance.close()
    assert set(threading.enumerate()) <= before
    assert not Path(address).exists()


def echo(request: Request) -> Reply:
    return Reply(ok=True, text=f"{request.verb} {request.activation}".strip())


def raw(address: str, sent: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(20)
        caller.connect(address)
        caller.sendall(sent)
        caller.shutdown(socket.SHUT_WR)
        return caller.makefile("rb").read()


def test_a_request_is_answered(claimed, address):
    claimed.serve(echo)
    assert ask(address, Request(Verb.TOGGLE)) == Reply(ok=True, text="toggle")
    assert ask(address, Request(Verb.SHOW, "token-1")) == Reply(ok=True, text="show token-1")


def test_many_callers_are_answered_although_one_says_nothing(claimed, address):
    claimed.serve(echo)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(address)
        answers: list[Reply] = []
        callers = [threading.Thread(target=lambda: answers.append(ask(address, Request(Verb.HOLD)))) for _ in range(12)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
    assert answers == [Reply(ok=True, text="hold")] * 12


def test_nobody_but_the_user_can_open_the_socket(claimed, address):
    claimed.serve(echo)
    assert stat.S_IMODE(Path(address).stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(address).parent.stat().st_mode) == 0o700


CALL_AS_NOBODY = """
import os, socket, sys
os.setuid(65534)
caller = socket.socket(socket.AF_UNIX)
caller.connect(sys.argv[1])
print("connected")
try:
    caller.sendall(sys.stdin.buffer.read())
    print(len(caller.recv(100)))
except OSError:
    print(0)
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody can get into, unlike those of the other tests."""
    folder = Path(tempfile.mkdtemp(prefix="ipc-"))
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can call as somebody else")
def test_another_user_who_gets_through_is_not_answered(open_folder):
    instance = claim_socket(str(open_folder / "control.sock"))
    assert instance is not None
    instance.serve(echo)
    address = str(open_folder / "control.sock")
    open_folder.chmod(0o755)
    Path(address).chmod(0o777)
    done = subprocess.run(
        [sys.executable, "-c", CALL_AS_NOBODY, address],
        input=encode_request(Request(Verb.QUIT)),
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert (done.stdout, done.stderr) == (b"connected\n0\n", b"")
    assert decode_reply(raw(address, encode_request(Request(Verb.SHOW)))).ok
    instance.close()


def unknown_user(_connection: socket.socket) -> int:
    raise OSError("no such option")


@pytest.mark.parametrize("peer_user_id", [lambda _connection: os.getuid() + 1, unknown_user])
def test_a_caller_whose_user_is_another_or_unknown_is_not_answered(address, peer_user_id):
    with closing(claimed_by(address, peer_user_id=peer_user_id)) as instance:
        instance.serve(echo)
        with pytest.raises(InstanceError):
            ask(address, Request(Verb.QUIT))


@pytest.mark.parametrize(
    "sent", [b"\n", b"nonsense\n", b"{}\n", b"x" * (MAX_LINE_BYTES + 10), b'{"voiceassist":9,"verb":"show"}\n', b"\0\n"]
)
def test_what_cannot_be_understood_is_answered_with_an_error(claimed, address, sent):
    claimed.serve(echo)
    with_error = raw(address, sent)
    # A line that is too long is not read to its end, so that the answer may be lost on the way.
    assert not with_error or not decode_reply(with_error).ok
    assert ask(address, Request(Verb.SHOW)).ok


def test_there_is_one_instance(claimed, address):
    assert claim_socket(address) is None
    claimed.serve(echo)
    assert claim_socket(address) is None
    claimed.close()
    again = claim_socket(address)
    assert again is not None
    again.close()


def test_what_a_crash_left_behind_is_cleared(address):
    process = subprocess.Popen([sys.executable, "-c", HOLD_THE_CLAIM, address], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    assert claim_socket(address) is None
    assert ask(address, Request(Verb.SHOW)).text == "from the other process"
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)
    process.stdout.close()
    assert Path(address).exists()
    with pytest.raises(NotRunningError):
        ask(address, Request(Verb.SHOW))
    instance = claim_socket(address)
    assert instance is not None
    instance.serve(echo)
    assert ask(address, Request(Verb.SHOW)).ok
    instance.close()


def test_where_nothing_runs_it_says_so(address):
    with pytest.raises(NotRunningError) as caught:
        ask(address, Request(Verb.TOGGLE))
    assert "voiceassist --hidden" in caught.value.hint


def test_what_hangs_is_not_waited_for_without_end(tmp_path):
    tmp_path.chmod(0o700)
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(path)
        deaf.listen()
        with pytest.raises(InstanceError, match="does not answer"):
            ask(path, Request(Verb.TOGGLE), timeout_s=0.1)


@contextmanager
def server_that_sends(path: Path, parts: Iterable[bytes], pause: threading.Event | None = None) -> Iterator[None]:
    """A socket whose only caller gets the parts, a tenth of a second apart until ``pause`` is set."""

    def work() -> None:
        caller, _ = listener.accept()
        with caller, suppress(OSError):
            caller.recv(MAX_LINE_BYTES)
            for part in parts:
                caller.sendall(part)
                if pause is not None and pause.wait(0.1):
                    return

    path.parent.chmod(0o700)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        thread = threading.Thread(target=work)
        thread.start()
        yield
        thread.join()


def test_what_answers_nonsense_is_refused(tmp_path):
    with (
        server_that_sends(tmp_path / "s", [b"nonsense\n"]),
        pytest.raises(InstanceError, match="cannot be understood"),
    ):
        ask(str(tmp_path / "s"), Request(Verb.TOGGLE))


def test_an_answer_that_drips_in_is_not_waited_for_without_end(tmp_path):
    ended = threading.Event()
    with server_that_sends(tmp_path / "s", itertools.repeat(b" "), ended):
        with pytest.raises(InstanceError, match="does not answer"):
            ask(str(tmp_path / "s"), Request(Verb.TOGGLE), timeout_s=0.5)
        ended.set()


def send_a_byte_now_and_then(caller: socket.socket, at_most_s: float) -> None:
    give_up_at_s = time.monotonic() + at_most_s
    while time.monotonic() < give_up_at_s:
        caller.sendall(b"{")
        time.sleep(0.05)


def test_a_caller_that_drips_is_dropped_after_a_total_deadline(claimed, address):
    claimed.serve(echo)
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect(address)
        with pytest.raises(BrokenPipeError):
            send_a_byte_now_and_then(caller, at_most_s=20)
    assert ask(address, Request(Verb.SHOW)).ok


def test_no_more_connections_than_the_limit_have_a_thread(claimed, address):
    others = threading.active_count()
    claimed.serve(echo)
    with ExitStack() as silent:
        for _ in range(MAX_CONNECTIONS + 8):
            caller = silent.enter_context(socket.socket(socket.AF_UNIX))
            caller.settimeout(20)
            caller.connect(address)
        assert ask(address, Request(Verb.SHOW), timeout_s=20).ok
        assert threading.active_count() - others <= MAX_CONNECTIONS + 4


@pytest.mark.parametrize(
    "fault", [RuntimeError("broken"), RecursionError(), UnicodeEncodeError("utf-8", "x", 0, 1, "no")]
)
def test_an_answer_that_raises_is_told_and_the_next_one_goes_on(claimed, address, fault, caplog):
    def answer(request: Request) -> Reply:
        if request.verb is Verb.QUIT:
            raise fault
        return echo(request)

    claimed.serve(answer)
    refused = ask(address, Request(Verb.QUIT))
    assert (refused.ok, "fault" in refused.text) == (False, True)
    assert "a request failed" in caplog.text
    assert ask(address, Request(Verb.SHOW)).ok


def test_closing_waits_for_the_answer_that_is_under_way(claimed, address):
    began = threading.Event()

    def slowly(request: Request) -> Reply:
        began.set()
        time.sleep(0.2)
        return echo(request)

    claimed.serve(slowly)
    answers: list[Reply] = []
    caller = threading.Thread(target=lambda: answers.append(ask(address, Request(Verb.QUIT))))
    caller.start()
    assert began.wait(20)
    claimed.close()
    caller.join()
    assert answers == [Reply(ok=True, text="quit")]


def test_a_folder_that_is_open_to_others_is_refused(tmp_path):
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o770)
    with pytest.raises(InstanceError, match="not a folder of yours alone"):
        need_private_folder(folder)
    with pytest.raises(InstanceError, match="not a folder of yours alone"):
        ask(str(folder / "s"), Request(Verb.SHOW))


def test_a_link_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(InstanceError, match="not a folder of yours alone"):
        need_private_folder(tmp_path / "link")


def test_the_address_is_in_the_runtime_folder_and_short_enough(monkeypatch, tmp_path):
    monkeypatch.delenv("VOICEASSIST_HOME", raising=False)
    runtime, deep = tmp_path / str(os.getuid()), tmp_path / ("x" * 90)
    runtime.mkdir()
    deep.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    assert default_address() == f"{runtime}/voiceassist/control.sock"
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    assert len(os.fsencode(socket_path())) <= MAX_PATH_BYTES
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert socket_path(str(tmp_path / "none")).parent.name == f"voiceassist-{os.getuid()}"
    assert socket_path(str(tmp_path)) == runtime / "voiceassist" / "control.sock"


def test_a_home_of_its_own_is_an_instance_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    names = set()
    for home in ("", "one", "two"):
        monkeypatch.setenv("VOICEASSIST_HOME", str(tmp_path / home) if home else "")
        names |= {socket_path().name, pipe_name()}
    assert len(names) == 6


class TestPipe:
    """The way of Windows, with the standard library's Unix sockets in the place of its pipes."""

    FAMILY = "AF_UNIX"

    @pytest.fixture
    def name(self, tmp_path: Path) -> str:
        return str(tmp_path / "pipe")

    def test_a_request_is_answered_and_there_is_one_instance(self, name):
        before = set(threading.enumerate())
        instance = claim_pipe(name, self.FAMILY)
        assert instance is not None
        instance.serve(echo)
        assert claim_pipe(name, self.FAMILY) is None
        for _ in range(3):
            answer = ask_pipe(name, encode_request(Request(Verb.TOGGLE)), 20, self.FAMILY)
            assert decode_reply(answer) == Reply(ok=True, text="toggle")
        instance.close()
        instance.close()
        assert set(threading.enumerate()) <= before
        with pytest.raises(NotRunningError):
            ask_pipe(name, b"\n", 1, self.FAMILY)

    @pytest.mark.parametrize("sent", [b"nonsense\n", b"x" * (MAX_LINE_BYTES + 1)])
    def test_nonsense_does_not_end_it(self, name, sent):
        instance = claim_pipe(name, self.FAMILY)
        assert instance is not None
        instance.serve(echo)
        try:
            assert not decode_reply(ask_pipe(name, sent, 20, self.FAMILY)).ok
        except InstanceError:
            assert len(sent) > MAX_LINE_BYTES
        answer = ask_pipe(name, encode_request(Request(Verb.SHOW)), 20, self.FAMILY)
        assert decode_reply(answer).ok
        instance.close()

    def test_one_that_never_served_is_closed(self, name):
        instance = claim_pipe(name, self.FAMILY)
        assert instance is not None
        instance.close()
