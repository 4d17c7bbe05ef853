"""Names as they sound: abbreviations, mixed case, signs, and values with a sound of their own."""

from pathlib import Path

import pytest

from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.language.names import case_parts, is_mixed_case
from voiceassist.grammar.language.text_normalization import normalize, readings


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("F#", "f sharp"),
        ("ASP.NET", "asp dot net"),
        (".gitignore", "dot gitignore"),
        ("$7", "seven dollars"),
        ("$1", "one dollar"),
        ("£12.50", "twelve pounds fifty"),
        ("30 USD", "thirty dollars"),
        ("20€", "twenty euros"),
        ("B&O", "b and o"),
        ("you@work", "you at work"),
        ("track #3", "track number three"),
        ("a.b", "a dot b"),
        ("$45", "forty five dollars"),
        ("60 EUR", "sixty euros"),
        ("$3.5", "three point five dollars"),
        ("$2 million", "two million dollars"),
        ("£7k", "seven thousand pounds"),
        ("30¢", "thirty cents"),
        ("¥500", "five hundred yen"),
        ("$4.00", "four dollars"),
        ("$4.05", "four dollars and five cents"),
        ("No. 5", "number five"),
        ("A$AP", "asap"),
        ("Yes! No", "yes no"),
        ("Wi-Fi", "wifi"),
        ("stop. Now", "stop now"),
    ],
)
def test_signs_are_said(text: str, words: str) -> None:
    assert normalize(text) == words.split()


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("NVMe", "n v m e"),
        ("LEDs", "l e d s"),
        ("SoundCloud", "sound cloud"),
        ("eBook", "e book"),
        ("tvOS", "tv o s"),
    ],
)
def test_words_in_mixed_case_have_parts(word: str, parts: str) -> None:
    assert is_mixed_case(word)
    assert case_parts(word) == parts.split()


@pytest.mark.parametrize("word", ["Sound", "sound", "TV", "A"])
def test_other_words_have_none(word: str) -> None:
    assert not is_mixed_case(word)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("costs $30", "costs thirty dollars"),
        ("costs $30 (now|later)", "costs thirty dollars later"),
        ("pay 12 EUR [today]", "pay twelve euros"),
        ("pay $8.20", "pay eight dollars and twenty cents"),
        ("pay $8.20", "pay eight twenty"),
        ("gate No. 12 [left]", "gate number twelve"),
        ("bus #31", "bus number thirty one"),
        ("bus #31 (east|west)", "bus number thirty one west"),
        ("watch Rocky IV", "watch rocky four"),
        ("read Henry VIII", "read henry the eighth"),
        ("type XI", "type x i"),
        ("walk 15 km", "walk fifteen kilometers"),
        ("the 5GHz network", "the five gigahertz network"),
        ("play Sum-41", "play sum forty one"),
        ("add 2 1/2 cups [of] flour", "add two and a half cups flour"),
    ],
)
def test_a_name_is_said_in_all_its_readings(tmp_path: Path, template: str, said: str) -> None:
    file = tmp_path / "names.yaml"
    file.write_text(f"intents: {{A: ['{template}']}}\n", encoding="utf-8")
    parser = TextParser(load_commands([file]))
    for text in (said, template.replace("[left]", "").replace("(now|later)", "now").replace("(east|west)", "east")):
        assert parser.parse(text.replace("[", "").replace("]", "")) is not None, text


def test_the_readings_of_a_name_begin_with_the_normalized_one() -> None:
    assert "film in seven twenty p" in readings("film in 720p")
    for text in ("film in 720p", "Rocky IV", "$8.20", "15 km", "AT&T", "C#"):
        assert readings(text)[0].split() == normalize(text)


SOURCES = """
intents: {Pick: ["pick {source}"]}
lists:
  source:
    values:
      - AUX 2
      - USB A
      - NDR
      - SoundCloud
      - NVMe drive
      - {in: Nguyen, sounds_like: win}
      - {in: "[the] Louvre", out: 9, sounds_like: [loo vruh, loo ver]}
"""


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> TextParser:
    file = tmp_path_factory.mktemp("sources") / "sources.yaml"
    file.write_text(SOURCES, encoding="utf-8")
    return TextParser(load_commands([file]))


@pytest.mark.parametrize(
    ("said", "value", "shown"),
    [
        ("pick aux two", "AUX 2", "aux two"),
        ("pick a u x 2", "AUX 2", "aux two"),
        ("pick u s b a", "USB A", "usb a"),
        ("pick n d r", "NDR", "ndr"),
        ("pick sound cloud", "SoundCloud", "soundcloud"),
        ("pick SoundCloud", "SoundCloud", "soundcloud"),
        ("pick n v m e drive", "NVMe drive", "nvme drive"),
        ("pick win", "Nguyen", "nguyen"),
        ("pick Nguyen", "Nguyen", "nguyen"),
        ("pick loo ver", 9, "louvre"),
        ("pick the louvre", 9, "the louvre"),
    ],
)
def test_a_value_is_said_in_its_ways_and_shown_in_one(
    sources: TextParser, said: str, value: object, shown: str
) -> None:
    found = sources.parse(said)
    assert found is not None
    assert found.slots == {"source": value}
    assert found.text == f"pick {shown}"


@pytest.mark.parametrize("text", ["OPEN THE DOOR", "OPEN IT"])
def test_a_text_in_capitals_has_no_abbreviations(tmp_path: Path, text: str) -> None:
    file = tmp_path / "loud.yaml"
    file.write_text(f"intents: {{Open: ['{text}']}}\n", encoding="utf-8")
    parser = TextParser(load_commands([file]))
    assert parser.parse(text.lower()) is not None
    assert parser.parse(" ".join(text.lower().replace(" ", ""))) is None
