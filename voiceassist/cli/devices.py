"""``voiceassist devices``: lists the microphones, or tests one of them."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from voiceassist.audio.capture import Microphone, list_devices
from voiceassist.audio.devices import choose_device
from voiceassist.audio.selftest import DURATION_S, assess, record
from voiceassist.audio.vad import SpeechDetector
from voiceassist.cli.assembly import Assembly
from voiceassist.cli.output import print_json, print_note


def show_devices(options: argparse.Namespace) -> int:
    """Lists the microphones and marks the system's default, or tests one. 1 if there is none, or it fails the test."""
    return _test(options) if options.test else _list(options)


def _list(options: argparse.Namespace) -> int:
    devices = list_devices()
    choose_device(devices, None)  # says so where there is none
    for device in devices:
        if options.json:
            about = {"name": device.name, "default": device.is_default}
            print_json({**about, "rate_hz": device.rate_hz, "channels": device.channels})
        else:
            mark = "*" if device.is_default else " "
            print(f"{mark} {device.name} ({device.rate_hz:g} Hz, {device.channels} channels)")
    return 0


def _test(options: argparse.Namespace) -> int:
    wanted = options.device or Assembly().settings.microphone
    choose_device(list_devices(), wanted)  # before anybody speaks to a microphone that is not there
    print_note(f"speak for {DURATION_S:g} seconds, as you would say a command")
    samples, health = record(Microphone(wanted))
    test = assess(samples, health, SpeechDetector())
    if options.json:
        print_json({**asdict(test), "good": test.good})
    else:
        print(f"microphone  {test.device}")
        print("speech      none heard" if test.speech_db is None else f"speech      {test.speech_db:.0f} dB")
        print(f"noise       {test.noise_db:.0f} dB")
        print(f"peak        {test.peak_db:.0f} dB")
        print(f"clipped     {100 * test.clipped_share:.1f} %")
        print("\n".join(test.findings or ("All is well: this microphone hears you clearly.",)))
    return 0 if test.good else 1
