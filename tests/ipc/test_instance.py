"""One instance, its socket and its callers, with real processes and sockets."""

from __future__ import annotations

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
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from voiceassist.errors import InstanceError, NotRunningError
from voiceassist.ipc import address as ipc_address
from voiceassist.ipc import unix
from voiceassist.ipc.address import LONGEST_PATH_BYTES, default_address, need_private_folder, pipe_name, socket_path
from voiceassist.ipc.client import ask
from voiceassist.ipc.messages import LONGEST_BYTES, Reply, Request, Verb, decode_reply, encode_request
from voiceassist.ipc.pipe import ask_pipe, claim_pipe
from voiceassist.ipc.unix import SocketInstance, claim_socket

Claim = Callable[[], SocketInstance]
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


@pytest.fixture
def claimed(address: str) -> Iterator[SocketInstance]:
    before = set(threading.enumerate())
    instance = claim_socket(address)
    assert instance is not None
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


def test_a_caller_whose_user_is_another_or_unknown_is_not_answered(claimed, address, monkeypatch):
    claimed.serve(echo)

    def unknown(_connection: socket.socket) -> int:
        raise OSError("no such option")

    for peer in (lambda _connection: os.getuid() + 1, unknown):
        monkeypatch.setattr(unix, "peer_user_id", peer)
        with pytest.raises(InstanceError):
            ask(address, Request(Verb.QUIT))


@pytest.mark.parametrize(
    "sent", [b"\n", b"nonsense\n", b"{}\n", b"x" * (LONGEST_BYTES + 10), b'{"voiceassist":9,"verb":"show"}\n', b"\0\n"]
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
    process.wait(timeout=10)
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
            ask(path, Request(Verb.TOGGLE), patience_s=0.1)


def test_what_answers_nonsense_is_refused(tmp_path, monkeypatch, claimed, address):
    monkeypatch.setattr(unix, "answer_line", lambda _answer, _line: b"nonsense\n")
    claimed.serve(echo)
    with pytest.raises(InstanceError, match="cannot be understood"):
        ask(address, Request(Verb.TOGGLE))


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
    monkeypatch.setattr(ipc_address, "_RUNTIME_FOLDERS", str(tmp_path / "none"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    assert default_address() == f"{runtime}/voiceassist/control.sock"
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    assert len(os.fsencode(socket_path())) <= LONGEST_PATH_BYTES
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert socket_path().parent.name == f"voiceassist-{os.getuid()}"
    monkeypatch.setattr(ipc_address, "_RUNTIME_FOLDERS", str(tmp_path))
    assert default_address() == f"{runtime}/voiceassist/control.sock"


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

    @pytest.mark.parametrize("sent", [b"nonsense\n", b"x" * (LONGEST_BYTES + 1)])
    def test_nonsense_does_not_end_it(self, name, sent):
        instance = claim_pipe(name, self.FAMILY)
        assert instance is not None
        instance.serve(echo)
        try:
            assert not decode_reply(ask_pipe(name, sent, 20, self.FAMILY)).ok
        except InstanceError:
            assert len(sent) > LONGEST_BYTES
        answer = ask_pipe(name, encode_request(Request(Verb.SHOW)), 20, self.FAMILY)
        assert decode_reply(answer).ok
        instance.close()

    def test_one_that_never_served_is_closed(self, name):
        instance = claim_pipe(name, self.FAMILY)
        assert instance is not None
        instance.close()
