"""Sounds and speech that really reach the sound server, and what they are for."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from private_desktop import need, until
from soundserver import SPEAKERS, SoundServer

from voiceassist.action_spec import ActionOutcome
from voiceassist.actions.feedback import Feedback
from voiceassist.actions.sounds import SoundPlayer
from voiceassist.actions.speech import SpeechOutput, Synthesizer, installed_synthesizer
from voiceassist.cli.feedback import with_feedback
from voiceassist.domain import Decision, Recognition, RejectReason, Verdict
from voiceassist.engine.events import Hooks, ListenState
from voiceassist.errors import ActionError


class LoggingFeedback(Feedback):
    """Keeps what would be heard."""

    def __init__(self, *, sounds_on: bool = True, speech_on: bool = True) -> None:
        super().__init__(SoundPlayer(), SpeechOutput(), sounds_on=sounds_on, speech_on=speech_on)
        self.heard: list[tuple[str | None, str]] = []

    def _tell(self, sound: str | None, text: str) -> None:  # type: ignore[override]
        self.heard.append((sound, text))


def recognition(verdict: Verdict, outcome: ActionOutcome | None = None, why: RejectReason | None = None) -> Recognition:
    return Recognition("", "", None, (), Decision(verdict, why), "model", 0.0, 0.0, outcome=outcome)


def test_what_is_heard_when() -> None:
    feedback = LoggingFeedback()
    hooks = with_feedback(Hooks(), feedback)
    for state in (ListenState.STARTING, ListenState.IDLE, ListenState.HEARING, ListenState.THINKING, ListenState.IDLE):
        hooks.on_state(state)
    hooks.on_recognition(recognition(Verdict.ACT, ActionOutcome(True, "It is 07:05.")))
    hooks.on_recognition(recognition(Verdict.ACT, ActionOutcome(False, "There is no player.")))
    hooks.on_recognition(recognition(Verdict.REJECT, why=RejectReason.NO_MATCH))
    hooks.on_recognition(recognition(Verdict.REJECT, why=RejectReason.NOISE))
    assert feedback.heard == [
        ("listening", ""),
        ("understood", "It is 07:05."),
        ("not_understood", "There is no player."),
        ("not_understood", ""),
    ]


def test_an_open_microphone_does_not_beep_at_every_word() -> None:
    feedback = LoggingFeedback()
    hooks = with_feedback(Hooks(), feedback)
    for _ in range(3):
        for state in (ListenState.LISTENING, ListenState.HEARING, ListenState.THINKING):
            hooks.on_state(state)
    assert feedback.heard == []


@pytest.fixture
def feedback(speakers: SoundServer) -> Iterator[Feedback]:
    made = Feedback(SoundPlayer(), SpeechOutput(), sounds_on=True, speech_on=True)
    yield made
    made.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "feedback"]


def loudest(server: SoundServer) -> float:
    """The largest sample of half a second of the loudspeakers."""
    command = ["parec", f"--device={SPEAKERS}.monitor", "--raw", "--channels=1", "--rate=8000", "--format=u8"]
    with subprocess.Popen(command, env=server.env(), stdout=subprocess.PIPE) as recorder:
        assert recorder.stdout is not None
        samples = recorder.stdout.read(4_000)
        recorder.terminate()
    return max(abs(sample - 128) for sample in samples) / 128


def test_an_answer_is_read_out_and_a_new_one_ends_it(feedback: Feedback, speakers: SoundServer) -> None:
    need("espeak-ng")
    feedback.sounds_on = False
    feedback.announced("one two three four five six seven eight nine ten " * 10)
    until(lambda: loudest(speakers) > 0.05, "it speaks")
    feedback.announced(".")
    until(lambda: loudest(speakers) < 0.02, "it has stopped")


def test_nothing_is_heard_where_nothing_is_wanted(speakers: SoundServer) -> None:
    feedback = Feedback(SoundPlayer(), SpeechOutput(), sounds_on=False, speech_on=False)
    feedback.listening()
    feedback.recognized(recognition(Verdict.ACT, ActionOutcome(True, "Done.")))
    assert "voiceassist" not in speakers.pactl("list", "sink-inputs")
    assert not [thread for thread in threading.enumerate() if thread.name == "feedback"]
    feedback.close()


@pytest.mark.parametrize("reads_input", [True, False])
@pytest.mark.parametrize("text", ["--version", "$(touch pwned)", "a\nb;c", "Grüße"])
def test_what_is_read_out_is_only_text(tmp_path: Path, text: str, reads_input: bool) -> None:
    script = tmp_path / "speak.py"
    script.write_text(
        "import sys, pathlib\n"
        "text = sys.stdin.buffer.read() if sys.argv[1] == 'input' else '|'.join(sys.argv[2:]).encode()\n"
        f"pathlib.Path({str(tmp_path / 'new')!r}).write_bytes(text)\n"
        f"pathlib.Path({str(tmp_path / 'new')!r}).rename({str(tmp_path / 'said')!r})\n"
    )
    kind = "input" if reads_input else "argument"
    speech = SpeechOutput(lambda: Synthesizer((sys.executable, str(script), kind), reads_input))
    speech.say(text)
    until((tmp_path / "said").exists, "it was said")
    plain = " ".join(text.split())
    assert (tmp_path / "said").read_text() == (plain if reads_input else f"--|{plain}")
    speech.close()


def test_without_a_synthesizer_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ActionError, match="no speech synthesiser") as caught:
        installed_synthesizer()
    assert "espeak-ng" in caught.value.hint


def test_a_sound_that_cannot_be_written_is_logged_and_the_next_one_plays(
    speakers: SoundServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    player = SoundPlayer()
    feedback = Feedback(player, SpeechOutput(), sounds_on=True, speech_on=False)
    with monkeypatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
        feedback.listening()
        until(lambda: "cannot play a sound" in caplog.text, "it is logged")
    feedback.listening()
    until(lambda: len(player._playing) == 1, "the next one is played")
    assert [thread for thread in threading.enumerate() if thread.name == "feedback"]
    feedback.close()


def test_sounds_survive_the_cleaning_of_temporary_folders(speakers: SoundServer, tmp_path: Path) -> None:
    """Systems delete what was not used for some days."""
    player = SoundPlayer(lambda: ("sh", "-c", f'cp "$0" {tmp_path}/played'))
    for _ in range(2):
        stop = player.play("listening")
        until((tmp_path / "played").exists, "it is played")
        stop()
        (tmp_path / "played").unlink()
        assert player._folder is not None
        shutil.rmtree(player._folder.name)
    player.close()
