"""Sleep and wake: registered here, carried out by the listener of the window or the command line."""

from __future__ import annotations

from collections.abc import Callable

from voiceassist.action_spec import ActionOutcome
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionRegistry
from voiceassist.errors import ActionError
from voiceassist.i18n import mark

SLEEP_ACTION = "listening.sleep"
WAKE_ACTION = "listening.wake"
LISTENING_ACTIONS = frozenset((SLEEP_ACTION, WAKE_ACTION))


def register_listening(registry: ActionRegistry) -> None:
    """Registers both; without a listener they fail with a message that says so."""
    registry.register(SLEEP_ACTION, _no_listener, description='Stops listening until "wake up" or the key.')
    registry.register(WAKE_ACTION, _no_listener, description="Listens again.")


def take_over_listening(
    registry: ActionRegistry, sleep: Callable[[], None], wake: Callable[[], None]
) -> Callable[[], None]:
    """Has a listener carry out both commands, until the returned function is called."""

    def sleep_now(_call: ActionCall) -> ActionOutcome:
        sleep()
        return ActionOutcome(True, mark("I am asleep. Say “wake up”, or press the key, and I listen again."))

    def wake_now(_call: ActionCall) -> ActionOutcome:
        wake()
        return ActionOutcome(True, mark("I am listening."))

    ends = [registry.take_over(SLEEP_ACTION, sleep_now), registry.take_over(WAKE_ACTION, wake_now)]

    def end() -> None:
        for end_one in ends:
            end_one()

    return end


def _no_listener(_call: ActionCall) -> ActionOutcome:
    raise ActionError(
        "voiceassist is not listening to the microphone here",
        hint="say it to the window or to: voiceassist listen",
    )
