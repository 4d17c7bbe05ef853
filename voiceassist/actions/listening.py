"""Sleep and wake: registered here, carried out by whoever listens."""

from __future__ import annotations

from collections.abc import Callable

from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionRegistry
from voiceassist.domain import ActionOutcome
from voiceassist.errors import ActionError

SLEEP_ACTION = "listening.sleep"
WAKE_ACTION = "listening.wake"
LISTENING_ACTIONS = frozenset((SLEEP_ACTION, WAKE_ACTION))


def register_listening(registry: ActionRegistry) -> None:
    """Registers both; they fail with a clear message for as long as nobody listens."""
    registry.register(SLEEP_ACTION, _nobody_listens, description='Stops listening until "wake up" or the key.')
    registry.register(WAKE_ACTION, _nobody_listens, description="Listens again.")


def take_over_listening(
    registry: ActionRegistry, sleep: Callable[[], None], wake: Callable[[], None]
) -> Callable[[], None]:
    """Has a listener carry out both commands, until what is returned is called."""

    def sleep_now(_call: ActionCall) -> ActionOutcome:
        sleep()
        return ActionOutcome(True, "I am asleep. Say “wake up”, or press the key, and I listen again.")

    def wake_now(_call: ActionCall) -> ActionOutcome:
        wake()
        return ActionOutcome(True, "I am listening.")

    ends = [registry.take_over(SLEEP_ACTION, sleep_now), registry.take_over(WAKE_ACTION, wake_now)]

    def end() -> None:
        for one in ends:
            one()

    return end


def _nobody_listens(_call: ActionCall) -> ActionOutcome:
    raise ActionError(
        "nothing listens to the microphone here",
        hint="say it to the window or to `voiceassist listen`",
    )
