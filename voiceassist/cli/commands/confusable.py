"""``voiceassist commands confusable``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from voiceassist.audio.files import read_sound, trim_to_speech
from voiceassist.audio.vad import SpeechDetector
from voiceassist.cli.assembly import Assembly
from voiceassist.cli.output import print_json, print_note, table
from voiceassist.engine.confusable import Confusable, PhoneListener, closest_pairs, confusion_of, distinct
from voiceassist.errors import UsageError
from voiceassist.grammar.compiler.automaton import Automaton, compile_automaton
from voiceassist.grammar.compiler.sampling import Sampler

_SOUNDS = {".wav", ".flac", ".ogg", ".opus"}


def confusable(options: argparse.Namespace) -> int:
    """List the pairs of commands that are most easily confused, closest first."""
    assembly = Assembly()
    commands = assembly.commands(options.commands)
    with assembly.recognizer(options.model) as recognizer:
        confusion = confusion_of(recognizer)
        automaton = compile_automaton(commands, recognizer.pronounce)
        listener = PhoneListener(recognizer, automaton, confusion)
        if options.audio is not None:
            found = closest_pairs(_recordings(listener, automaton, options.audio))
        else:
            if not confusion.measured:
                print_note("the confusion matrix of this model was not measured; it is guessed from articulation")
            sampler = Sampler(commands, seed=options.seed)
            sentences = (one for intent in commands.intents for one in sampler.draw_many(options.samples, [intent]))
            found = closest_pairs(listener.by_estimate(one) for one in distinct(sentences))
    pairs = found[: options.count]
    if options.json:
        for pair in pairs:
            print_json(pair.to_json())
    elif pairs:
        rows = [("margin", "spoken", "intent", "could be taken for", "intent")]
        for pair in pairs:
            said, other = pair.said, pair.taken_for
            rows.append((f"{pair.margin:.1f}", said.text, said.command.intent, other.text, other.command.intent))
        print(table(rows))
    return 0


def _recordings(listener: PhoneListener, automaton: Automaton, folder: Path) -> Iterator[Confusable | None]:
    """The recordings of commands; their intent is that of their transcript."""
    detector, heard = SpeechDetector(), 0
    for path in sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SOUNDS):
        said = automaton.parse(_text(path))
        utterance = None if said is None else trim_to_speech(read_sound(str(path)), detector)
        if said is not None and utterance is not None:
            heard += 1
            yield listener.by_sound(said, utterance.samples, str(path))
    if not heard:
        hint = 'put the text of x.wav into x.json as {"text": ...}, or into x.txt'
        raise UsageError(f"there are no recordings of these commands in {folder}", hint=hint)


def _text(path: Path) -> str:
    """The transcript, from a file beside the recording."""
    described, plain = path.with_suffix(".json"), path.with_suffix(".txt")
    try:
        if described.is_file():
            found = json.loads(described.read_text(encoding="utf-8"))
            return str(found.get("text", "")) if isinstance(found, dict) else ""
        return plain.read_text(encoding="utf-8").strip() if plain.is_file() else ""
    except (OSError, ValueError) as error:
        raise UsageError(
            f"the text of {path} cannot be read: {error}", hint="fix or remove the file beside it"
        ) from error
