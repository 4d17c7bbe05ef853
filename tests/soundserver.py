"""The private sound server under the name by which the tests know it."""

from __future__ import annotations

from voiceassist.lab.sound_server import MICROPHONE, SPEAKERS, SoundServer

__all__ = ["MICROPHONE", "SPEAKERS", "SoundServer"]
