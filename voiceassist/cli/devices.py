"""``voiceassist devices``: lists the microphones, or tests one of them."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from voiceassist.audio.capture import InputDevice, Microphone, list_devices
from voiceassist.audio.selftest import DURATION_S, SelfTest, assess, record
from voiceassist.audio.vad import SpeechDetector
from voiceassist.cli.assembly import Assembly
from voiceassist.cli.output import print_json, print_note
from voiceassist.errors import DeviceError


def show_devices(options: argparse.Namespace) -> int:
    """Lists the microphones, the system's own choice marked, or tests one. 1 if there is none, or it fails."""
    return _test(options) if options.test else _list(options)


def _list(options: argparse.Namespace) -> int:
    devices = list_devices()
    if not devices:
        raise DeviceError("there is no microphone", hint="plug one in, or allow the program to use it")
    for device in devices:
        if options.json:
            print_json(_as_json(device))
        else:
            mark = "*" if device.is_default else " "
            print(f"{mark} {device.name} ({device.rate_hz:g} Hz, {device.channels} channels)")
    return 0


def _as_json(device: InputDevice) -> dict[str, object]:
    return {
        "name": device.name,
        "default": device.is_default,
        "rate_hz": device.rate_hz,
        "channels": device.channels,
    }


def _test(options: argparse.Namespace) -> int:
    print_note(f"speak for {DURATION_S:g} seconds, as you would say a command")
    samples, condition = record(Microphone(options.device or Assembly().settings.microphone))
    test = assess(samples, condition, SpeechDetector())
    if options.json:
        print_json({**asdict(test), "good": test.good})
    else:
        print("\n".join(_lines(test)))
    return 0 if test.good else 1


def _lines(test: SelfTest) -> list[str]:
    speech = "none heard" if test.speech_db is None else f"{test.speech_db:.0f} dB"
    return [
        f"microphone  {test.device}",
        f"speech      {speech}",
        f"noise       {test.noise_db:.0f} dB",
        f"peak        {test.peak_db:.0f} dB",
        f"cut off     {100 * test.clipped_share:.1f} %",
        *(test.findings or ("All is well: this microphone hears you clearly.",)),
    ]
