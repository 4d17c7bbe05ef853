"""Examples of what can be said."""

from __future__ import annotations

from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionRegistry
from voiceassist.domain import ActionOutcome

EXAMPLES = (
    "set a timer for ten minutes",
    "what time is it",
    "turn the volume down",
    "take a note buy milk",
    "next window",
    "take a screenshot",
    "undo that",
)
"""One for each of the things that people want first; all of them are default commands."""


def register_help(registry: ActionRegistry) -> None:
    """Adds ``help.show``."""

    def show(_call: ActionCall) -> ActionOutcome:
        told = "; ".join(EXAMPLES)
        return ActionOutcome(True, f"Say for example: {told}. The page Commands lists everything.")

    registry.register("help.show", show, description="Tells what can be said.")
