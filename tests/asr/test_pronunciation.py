"""How words sound: what the tree learned, what it makes of new words, and which files are none."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voiceassist.asr.pronunciation import LETTERS, MAX_WAYS, Pronunciations, chunk_of, node_of
from voiceassist.errors import PackError
from voiceassist.train.data.g2p_training import learn_tree, read_dictionary
from voiceassist.train.phones import PHONES

DICTIONARY = """
a AH
a(2) EY
b B IY
c S IY
cab K AE B
cat K AE T
caught K AO T
chat CH AE T
d D IY
double D AH B AH L
e IY
face F EY S
fat F AE T
hatch HH AE CH
ice AY S
o OW
read R EH D
read(2) R IY D
roofs R UW F S
sad S AE D
t T IY
tax T AE K S
u Y UW
vat V AE T
"""


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, tuple[int, ...]]]:
    path = tmp_path_factory.mktemp("dictionary") / "words.dict"
    path.write_text(DICTIONARY.strip() + "\nnaïve N AY IY V\n")
    return read_dictionary(path)


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory, words: list[tuple[str, tuple[int, ...]]]) -> Pronunciations:
    path = tmp_path_factory.mktemp("tree") / "pronunciations.npy"
    np.save(path, learn_tree(words))
    return Pronunciations(path.read_bytes(), PHONES)


def spoken(learned: Pronunciations, word: str) -> list[str]:
    return [" ".join(PHONES[phone] for phone in way) for way in learned.ways(word)]


def test_the_words_of_the_dictionary_sound_as_it_says(
    learned: Pronunciations, words: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert len(words) == len(DICTIONARY.strip().splitlines())
    for word, phones in words:
        assert phones in learned.ways(word), word
    assert spoken(learned, "read") == ["R EH D", "R IY D"]
    assert spoken(learned, "tax") == ["T AE K S"]


def test_new_words_sound_like_their_likes(learned: Pronunciations) -> None:
    assert spoken(learned, "sat") == ["S AE T"]
    assert spoken(learned, "that")[0].endswith("AE T")
    assert spoken(learned, "vats") == ["V AE T S"]


def test_what_has_no_vowel_may_be_read_letter_by_letter(learned: Pronunciations) -> None:
    assert "D IY B IY" in spoken(learned, "db")
    assert spoken(learned, "w") == ["D AH B AH L Y UW"]
    assert spoken(learned, "cat") == ["K AE T"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(LETTERS, min_size=1, max_size=14))
def test_any_word_has_a_few_ways_and_no_silence_in_them(learned: Pronunciations, word: str) -> None:
    ways = learned.ways(word)
    assert len(ways) <= MAX_WAYS
    assert len(set(ways)) == len(ways)
    assert all(way and all(0 < phone < len(PHONES) for phone in way) for way in ways)


def tree(*nodes: tuple[int, int, int, int]) -> np.ndarray:
    return np.array([node_of(*node) for node in nodes], np.uint64)


LEAF = chunk_of([1])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no array",
        np.zeros(3, np.float32),
        np.zeros((2, 2), np.uint64),
        tree((0, 1, LEAF, LEAF)),
        tree((0, 0, LEAF, LEAF), (0, 1, 0, 0)),  # its own child
        tree((0, 1, LEAF, LEAF), (1, 9, LEAF, LEAF), (0, 2, 0, 0)),  # children beyond the end
        tree((0, 2, LEAF, LEAF), (1, 1, LEAF, LEAF), (0, 2, 0, 0)),  # not in order
        tree((0, 1, chunk_of([39, 39, 39]), LEAF), (0, 1, 0, 0)),  # more phones than there are
        np.array([{}], object),
    ],
    ids=str,
)
def test_a_file_that_is_no_tree_is_refused(content: bytes | np.ndarray, tmp_path: Path) -> None:
    path = tmp_path / "pronunciations.npy"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        np.save(path, content, allow_pickle=True)
    with pytest.raises(PackError, match="not a tree of pronunciations"):
        Pronunciations(path.read_bytes(), PHONES[:20])


def test_the_smallest_tree_says_one_thing(tmp_path: Path) -> None:
    np.save(tmp_path / "one.npy", tree((0, 1, LEAF, LEAF), (0, 1, 0, 0)))
    assert Pronunciations((tmp_path / "one.npy").read_bytes(), ("SIL", "AA")).ways("ab") == ((1, 1),)
