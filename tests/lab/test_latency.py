"""Latency: where speech ends, when a sample arrives, and what is counted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from voiceassist.audio.files import read_sound
from voiceassist.domain import SAMPLE_RATE_HZ
from voiceassist.lab.false_accepts import room_tone
from voiceassist.lab.latency import LoopbackRecorder, Response, speech_end, summary
from voiceassist.lab.sound_server import SoundServer

SAMPLES = Path(__file__).parents[2] / "assets" / "samples"
DRAW = np.random.default_rng(0)


def test_the_end_of_speech_is_where_the_voice_ends():
    sound = read_sound(SAMPLES / "02-volume.wav")
    loud = int(np.flatnonzero(np.abs(sound) > 0.1 * np.abs(sound).max())[-1])
    late = np.concatenate([sound, room_tone(1.5, DRAW)])
    assert speech_end(late) == pytest.approx(loud, abs=0.15 * SAMPLE_RATE_HZ)


def test_the_loopback_gives_the_arrival_time_of_a_sample(tmp_path):
    sound = (0.3 * DRAW.normal(size=SAMPLE_RATE_HZ)).clip(-1, 1).astype(np.float32)
    soundfile.write(tmp_path / "noise.wav", sound, SAMPLE_RATE_HZ)
    with SoundServer() as server:
        loopback = LoopbackRecorder(server)
        try:
            differences_s = []
            for _ in range(8):  # a busy machine may delay the recorder
                loopback.clear()
                server.play(tmp_path / "noise.wav")
                differences_s.append(loopback.arrival_s(sound, sound.size) - loopback.arrival_s(sound, 0))
                if differences_s[-1] == pytest.approx(1.0, abs=0.15):
                    return
        finally:
            loopback.close()
    pytest.fail(f"one second of sound took {differences_s} s")


def test_the_summary_counts_what_was_done():
    responses = [
        Response("a", "stop", "act", 200.0, 1),
        Response("b", "go", "act", 400.0, 2),
        Response("c", "erase", "ask", 900.0, 1),
        Response("d", "hm", "reject", 700.0, 1),
        Response("e", "", "", None, 0),
    ]
    result = summary(responses)
    assert (result["acted"], result["acted_ms"]["median"], result["understood"], result["fell_apart"]) == (
        2,
        300.0,
        3,
        1,
    )
