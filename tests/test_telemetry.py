"""No dependency sends anything: onnxruntime's telemetry is off before it is imported."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

WITHOUT_VARIABLE = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}


def run_python(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=WITHOUT_VARIABLE, timeout=60, check=False
    )


@pytest.mark.parametrize("entry", ["voiceassist", "voiceassist.__main__", "voiceassist.bench.probe"])
def test_every_entry_disables_telemetry_before_onnxruntime_is_imported(entry: str):
    script = (
        "import sys, os\n"
        "class Watch:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'onnxruntime': print(os.environ.get('ORT_DISABLE_TELEMETRY'))\n"
        "sys.meta_path.insert(0, Watch())\n"
        f"import {entry}, onnxruntime\n"
    )
    done = run_python(script)
    assert (done.stdout.split(), done.returncode) == (["1"], 0), done.stderr


def test_the_command_line_refuses_to_go_on_when_it_was_too_late():
    done = run_python("import onnxruntime\nfrom voiceassist.cli import main\nraise SystemExit(main(['devices']))")
    assert done.returncode == 1
    assert "telemetry" in done.stderr
