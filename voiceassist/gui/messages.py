"""The sentences of the window. Pure functions, so that each one can be tested without a window."""

from __future__ import annotations

from ast import literal_eval
from datetime import date, time
from typing import TYPE_CHECKING

from voiceassist.action_spec import Risk
from voiceassist.domain import Entity, Interpretation, Recognition, RejectReason, Verdict
from voiceassist.gui.translation import decimal, mark, shown, tr
from voiceassist.keys import KEYSYMS, MODIFIERS, key_label, key_name

if TYPE_CHECKING:
    from voiceassist.audio.health import MicrophoneHealth

STATE_WORDS = {
    "idle": mark("Ready"),
    "starting": mark("Getting ready…"),
    "listening": mark("Listening"),
    "waiting": mark("Waiting for the wake phrase"),
    "asleep": mark("Asleep: say “wake up”, or press the key"),
    "hearing": mark("Listening: I hear you"),
    "thinking": mark("Thinking…"),
    "stopped": mark("Stopped"),
    "lost": mark("Waiting for a microphone; typed commands work"),
    "no_model": mark("No model is loaded: typed commands work. Choose a model on the Models page"),
}

REASON_WORDS = {
    RejectReason.SILENCE: mark(
        "I heard nothing. Check on the Microphone page that the right microphone is chosen and that its level moves."
    ),
    RejectReason.NOISE: mark("There was sound, but no speech in it."),
    RejectReason.NO_MATCH: mark("I heard speech, but no command that I know. The Commands page lists them all."),
    RejectReason.LOW_CONFIDENCE: mark("I was not sure enough to act. Please say it again."),
    RejectReason.VETOED: mark("I understood it, but this command is not allowed here."),
    RejectReason.NEGATED: mark("I heard a word like “not” or “don't”, so I did nothing."),
    RejectReason.DECLINED: mark("You said no. Nothing was done."),
    RejectReason.OUT_OF_RANGE: mark("I understood it, but the value is out of range."),
}

_TYPED_NO_MATCH = mark("No command reads like this. The Commands page lists them all.")
_UNCLEAR = frozenset({RejectReason.NO_MATCH, RejectReason.LOW_CONFIDENCE, None})
_TEXT_MODEL = "text"
_KEYS = {
    "ctrl": mark("Ctrl"),
    "shift": mark("Shift"),
    "space": mark("Space"),
    "return": mark("Enter"),
    "delete": mark("Del"),
    "insert": mark("Insert"),
    "home": mark("Home"),
    "end": mark("End"),
    "pageup": mark("Page Up"),
    "pagedown": mark("Page Down"),
    "left": mark("Left"),
    "right": mark("Right"),
    "up": mark("Up"),
    "down": mark("Down"),
    "print": mark("Print"),
    "menu": mark("Menu"),
    "scrolllock": mark("Scroll Lock"),
    "backspace": mark("Backspace"),
}
"""Keys that have another name in another language."""
_ONLY_WHEN = ", only when: "
_DAY_S, _HOUR_S, _MINUTE_S = 86_400, 3_600, 60


def state_words(state: str, push_key: str, mode: str = "push", wake_phrase: str = "") -> str:
    """The line below the button: what the program is doing, or how to begin where it does nothing."""
    if state == "idle" and mode == "push":
        return tr("Hold the button or {key} and speak", key=key_words(push_key))
    if state == "idle" and mode == "toggle":
        return tr("Press the button or {key} and speak", key=key_words(push_key))
    if state == "waiting" and wake_phrase:
        return tr("Say “{phrase}”", phrase=wake_phrase)
    return tr(STATE_WORDS.get(state, state))


def key_words(name: str) -> str:
    """A key, or a combination as the settings hold it, as the user reads it: ``Ctrl+Alt+Page Up``."""
    names = [key_name(part) for part in name.split("+")]
    if not all(part in KEYSYMS or part in MODIFIERS for part in names):
        return name  # what a desktop calls it
    return "+".join(tr(_KEYS.get(part, key_label(part))) for part in names)


def consent_words(line: str) -> str:
    """A line of a consent, which is kept in English as it was shown; what is run stays word for word."""
    before, _, when = line.rpartition(_ONLY_WHEN)
    if before and _is_condition(when):
        return tr("{what}, only when: {when}", what=consent_words(before), when=when)
    for known in (mark("run {what}, to fill a list"), mark("run {what}"), mark("call {what}")):
        begin, _, end = known.partition("{what}")
        if line.startswith(begin) and line.endswith(end):
            return tr(known, what=line.removeprefix(begin).removesuffix(end))
    return line


def _is_condition(text: str) -> bool:
    """Whether it is a whole condition, and not the end of a text that an action writes or runs."""
    try:
        return isinstance(literal_eval(text), dict)
    except (SyntaxError, ValueError, MemoryError, RecursionError):  # as its documentation says
        return False


def intent_words(intent: str) -> str:
    """``TimerStart`` or ``timer_start`` as ``Timer start``."""
    spaced = "".join(
        f" {letter}" if letter.isupper() and before.islower() else letter
        for before, letter in zip(" " + intent, intent, strict=False)
    )
    words = spaced.replace("_", " ").replace(".", " ").split()
    return " ".join(words).capitalize() if words else tr("(no name)")


def sentence_words(text: str) -> str:
    """A command as a sentence: with a capital letter."""
    return text[:1].upper() + text[1:]


def quoted_words(text: str) -> str:
    """The same in the quotation marks of the window's language."""
    return tr("“{words}”", words=sentence_words(text))


def value_words(entity: Entity) -> str:
    """A value with its unit: ``10 minutes``, ``40 %``, ``7:30``; other values as they are."""
    value, name = entity.value, entity.name
    if isinstance(value, int | float) and not isinstance(value, bool):
        if "duration" in name or name.endswith("seconds"):
            return duration_words(value)
        return f"{value:g} %" if "percent" in name else f"{value:g}"
    text = str(value)
    if name.endswith(("time", "date")):
        # ``07:30`` as ``7:30`` and ``2027-05-03`` as ``Mon 3 May 2027``; anything else unchanged
        try:
            day = date.fromisoformat(text)
        except ValueError:
            pass
        else:
            return f"{day:%a} {day.day} {day:%b %Y}"
        try:
            moment = time.fromisoformat(text)
        except ValueError:
            return text
        return f"{moment.hour}:{moment:%M}"
    return text


def duration_words(seconds: float) -> str:
    """Seconds as people say them: ``2 hours 5 minutes``."""
    rest, parts = round(seconds), []
    for unit_s, one, many in (
        (_DAY_S, mark("1 day"), mark("{count} days")),
        (_HOUR_S, mark("1 hour"), mark("{count} hours")),
        (_MINUTE_S, mark("1 minute"), mark("{count} minutes")),
        (1, mark("1 second"), mark("{count} seconds")),
    ):
        count, rest = divmod(rest, unit_s)
        if count:
            parts.append(tr(one) if count == 1 else tr(many, count=count))
    return " ".join(parts) or tr("{count} seconds", count=0)


def chip_words(interpretation: Interpretation) -> tuple[str, ...]:
    """The values of a command, each with its unit."""
    return tuple(value_words(entity) for entity in interpretation.entities)


def slot_words(interpretation: Interpretation) -> tuple[str, ...]:
    """The same with the name of each value: ``duration: 10 minutes``."""
    return tuple(
        f"{entity.name.replace('_', ' ')}: {value}"
        for entity, value in zip(interpretation.entities, chip_words(interpretation), strict=True)
    )


def is_typed(recognition: Recognition) -> bool:
    """It was typed, not spoken."""
    return recognition.model == _TEXT_MODEL


def title_words(recognition: Recognition) -> str:
    """The headline of the card: the command that was understood, or that none was."""
    if recognition.decision.verdict is not Verdict.REJECT and recognition.best is not None:
        return sentence_words(recognition.best.text)
    if recognition.decision.reject_reason in (RejectReason.SILENCE, RejectReason.NOISE):
        return tr("I heard no words")
    if recognition.decision.reject_reason not in _UNCLEAR and recognition.best is not None:
        return sentence_words(recognition.best.text)
    if recognition.decision.reject_reason not in _UNCLEAR:
        return tr("Nothing was done")
    return tr("I know no such command") if is_typed(recognition) else tr("I did not catch that")


def status_words(recognition: Recognition) -> str:
    """One or two words above the headline, so that the state is not told by colour alone."""
    verdict, outcome = recognition.decision.verdict, recognition.outcome
    if outcome is not None:
        return tr("✓ Done") if outcome.done else tr("✗ Not done")
    if verdict is Verdict.ASK:
        return tr("? Question")
    return tr("✓ Understood") if verdict is Verdict.ACT else tr("○ Nothing done")


def condition_words(condition: MicrophoneHealth) -> list[str]:
    """What is wrong with the microphone, the worst first."""
    return [tr(warning) for warning in condition.warnings]


def outcome_words(recognition: Recognition, *, acting: bool) -> str:
    """What was done, or why nothing was."""
    verdict, best = recognition.decision.verdict, recognition.best
    if recognition.outcome is not None:
        return shown(recognition.outcome.message)
    if verdict is Verdict.REJECT or best is None:
        return reason_words(recognition)
    if verdict is Verdict.ASK:
        return question_words(best)
    if best.command.action is None:
        return tr("Understood. This command has no action, so there is nothing to do.")
    if not acting:
        return tr("Understood, and left alone: carrying out commands is switched off in Settings.")
    return tr("Understood, but nothing was carried out.")


def reason_words(recognition: Recognition) -> str:
    """Why nothing was done."""
    reason = recognition.decision.reject_reason
    if reason is None:
        return tr("I did nothing. The log file may say why.")
    if recognition.decision.message:
        return recognition.decision.message
    if reason is RejectReason.NO_MATCH and is_typed(recognition):
        return tr(_TYPED_NO_MATCH)
    return tr(REASON_WORDS[reason])


def obstacle_words(recognition: Recognition) -> str:
    """What kept a spoken sentence from being the nearest command: the words that differ; empty where none are known."""
    best = recognition.best
    if best is None or is_typed(recognition):
        return ""
    heard, known = recognition.heard.lower().split(), set(best.text.lower().split())
    other = [word for word in heard if word not in known]
    missing = [word for word in best.text.lower().split() if word not in set(heard)]
    if other:
        return tr("In the way: I heard “{words}”, which is not in that command.", words=" ".join(other))
    if missing:
        return tr("In the way: I did not hear “{words}”.", words=" ".join(missing))
    return tr("In the way: the words came out unclear.")


def question_words(best: Interpretation) -> str:
    """The question before an action that is risky or that was not heard clearly."""
    if best.command.risk is Risk.DESTROYS:
        return tr("This cannot be put back. Shall I do it?")
    return tr("Did you mean this?")


def measure_words(recognition: Recognition) -> str:
    """The small print under a result: which model, how long the sound, how fast the answer."""
    parts = [tr("typed")]
    if not is_typed(recognition):
        parts = [recognition.model, tr("{seconds} s of sound", seconds=decimal(recognition.audio_ms / 1000))]
    parts.append(tr("answered in {ms} ms", ms=f"{recognition.latency_ms:.0f}"))
    return "  ·  ".join(parts)


def error_words(error: Exception) -> tuple[str, str]:
    """Message and hint of an error; an unexpected one gets a hint that leads on."""
    message, hint = getattr(error, "message", None), getattr(error, "hint", None)
    if isinstance(message, str) and isinstance(hint, str):
        return sentence_words(tr(message)), sentence_words(tr(hint))
    words = tr("Something went wrong in the program: {error}", error=str(error) or type(error).__name__)
    return words, tr("Settings has the log file, which says more.")
