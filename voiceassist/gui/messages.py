"""What the window says, in plain words. Pure functions, so that every sentence can be tested without Qt."""

from __future__ import annotations

from voiceassist.domain import Interpretation, Recognition, RejectReason, Risk, Verdict

STATE_WORDS = {
    "idle": "Ready",
    "starting": "Getting ready…",
    "listening": "Listening",
    "waiting": "Waiting for the wake phrase",
    "asleep": "Asleep: say “wake up”, or press the key",
    "hearing": "Listening: I hear you",
    "thinking": "Thinking…",
    "stopped": "Stopped",
    "lost": "Waiting for a microphone; typed commands work",
    "no_model": "No model is loaded: choose one on the Models page",
}

REASON_WORDS = {
    RejectReason.SILENCE: (
        "I heard nothing. Check in Settings that the right microphone is chosen and that its level moves."
    ),
    RejectReason.NOISE: "There was sound, but no speech in it.",
    RejectReason.NO_MATCH: "I heard speech, but it is no command that I know. The Commands page lists them all.",
    RejectReason.LOW_CONFIDENCE: "I was not sure enough to act. Please say it again.",
    RejectReason.VETOED: "I understood it, but this command is not allowed here.",
}

_UNKNOWN_REASON = "I did nothing, and the engine gave no reason."


def state_words(state: str, push_key: str, mode: str = "push", wake_phrase: str = "") -> str:
    """The line above the button: what the engine is doing, or how to begin where it does nothing."""
    if state == "idle" and mode == "push":
        return f"Hold the button or {push_key} and speak"
    if state == "idle" and mode == "toggle":
        return f"Press the button or {push_key} and speak"
    if state == "waiting" and wake_phrase:
        return f"Say “{wake_phrase}”"
    return STATE_WORDS.get(state, state)


def intent_words(intent: str) -> str:
    """``TimerStart`` or ``timer_start`` as ``Timer start``."""
    spaced = "".join(
        f" {letter}" if letter.isupper() and before.islower() else letter
        for before, letter in zip(" " + intent, intent, strict=False)
    )
    words = spaced.replace("_", " ").replace(".", " ").split()
    return " ".join(words).capitalize() if words else "(no name)"


def slot_words(interpretation: Interpretation) -> tuple[str, ...]:
    """One ``name: value`` for each slot, with the words that were said where they differ."""
    return tuple(
        f"{entity.name}: {entity.value}"
        + (f" (“{entity.raw_value}”)" if entity.raw_value and str(entity.value) != entity.raw_value else "")
        for entity in interpretation.entities
    )


def outcome_words(recognition: Recognition, *, acting: bool) -> str:
    """What was done, or why nothing was."""
    verdict, best = recognition.decision.verdict, recognition.best
    if recognition.outcome is not None:
        return recognition.outcome.message
    if verdict is Verdict.REJECT or best is None:
        reason = recognition.decision.reject_reason
        return _UNKNOWN_REASON if reason is None else REASON_WORDS[reason]
    if verdict is Verdict.ASK:
        return question_words(best)
    if best.command.action is None:
        return "Understood. This command has no action, so there is nothing to do."
    if not acting:
        return "Understood, and left alone: carrying out commands is switched off in Settings."
    return "Understood, but nothing was carried out."


def question_words(best: Interpretation) -> str:
    """The question before an action that is risky or that was not heard clearly."""
    if best.command.risk is Risk.DESTROYS:
        return "This cannot be put back. Shall I do it?"
    return "Did you mean this?"


def history_words(recognition: Recognition, *, acting: bool) -> str:
    """One line for the history: the words and what came of them."""
    return f"“{recognition.text or recognition.heard or '…'}” → {outcome_words(recognition, acting=acting)}"


def measure_words(recognition: Recognition) -> str:
    """The small print under a result: which model, how long the sound, how fast the answer."""
    parts = ["typed"]
    if recognition.audio_ms > 0:
        parts = [recognition.model, f"{recognition.audio_ms / 1000:.1f} s of sound"]
    parts.append(f"answered in {recognition.latency_ms:.0f} ms")
    return "  ·  ".join(parts)


def error_words(error: Exception) -> tuple[str, str]:
    """Message and hint of an error; an unexpected one gets a hint that leads on."""
    message = getattr(error, "message", None)
    hint = getattr(error, "hint", None)
    if isinstance(message, str) and isinstance(hint, str):
        return message, hint
    return f"Something went wrong that should not have: {error or type(error).__name__}", "The log has the details."
