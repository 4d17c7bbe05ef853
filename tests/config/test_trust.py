"""The file of consents: whatever lies in its place, nothing counts as agreed to; two programs lose none."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.config.trust import MAX_BYTES, TrustStore, consent_request

REQUEST = consent_request({"argv": ["ls"]}, ["run ls"])
AGREE = """
import sys
from pathlib import Path
from voiceassist.config.trust import TrustStore, consent_request
store = TrustStore(Path(sys.argv[1]))
for number in range(20):
    store.agree(consent_request([sys.argv[2], number], ["a line"]))
"""


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)


@pytest.mark.parametrize(
    "make",
    [
        os.mkfifo,
        Path.mkdir,
        lambda path: path.symlink_to("/dev/zero"),
        lambda path: path.symlink_to(path),
        huge,
        lambda path: path.write_bytes(b"\xff\xfe"),
        lambda path: path.write_bytes(b"[" * 100_000),
        lambda path: path.write_text('{"consents": 7}'),
        lambda path: path.write_text('{"consents": [{"hash": 7}]}'),
        lambda path: path.write_text("[]"),
    ],
)
def test_whatever_is_no_list_of_consents_agrees_to_nothing(tmp_path: Path, make: Callable[[Path], object]) -> None:
    path = tmp_path / "trust.json"
    make(path)
    assert TrustStore(path).consents() == ()
    assert not TrustStore(path).is_agreed(REQUEST)


def test_what_two_programs_agree_to_at_once_is_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "trust.json"
    programs = [subprocess.Popen([sys.executable, "-c", AGREE, str(path), name]) for name in "ab"]
    assert [program.wait(100) for program in programs] == [0, 0]
    assert len(TrustStore(path).consents()) == 40


def test_a_consent_taken_back_counts_no_more(tmp_path: Path) -> None:
    store = TrustStore(tmp_path / "trust.json")
    store.agree(REQUEST)
    assert store.is_agreed(REQUEST)
    assert store.revoke(REQUEST.content_hash[:8])[0].lines == ("run ls",)
    assert not store.is_agreed(REQUEST)


KEYS = st.text(max_size=3) | st.integers(-3, 3) | st.booleans() | st.none() | st.dates()
CONTENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, CONTENTS, max_size=4), st.randoms())
def test_the_order_of_keys_of_any_kind_does_not_matter(content: dict[object, object], random: Random) -> None:
    pairs = list(content.items())
    random.shuffle(pairs)
    assert consent_request(dict(pairs), []) == consent_request(content, [])


def test_mixed_keys_are_told_apart() -> None:
    assert consent_request({1: "a", "b": "c"}, []) == consent_request({"b": "c", 1: "a"}, [])
    assert consent_request({1: "a", "b": "c"}, []) != consent_request({"1": "a", "b": "c"}, [])
