"""Sleep and wake as actions that whoever listens carries out."""

from __future__ import annotations

import pytest

from voiceassist.actions.listening import SLEEP_ACTION, WAKE_ACTION, register_listening, take_over_listening
from voiceassist.actions.registry import ActionRegistry
from voiceassist.errors import ActionError


@pytest.fixture
def actions() -> ActionRegistry:
    registry = ActionRegistry()
    register_listening(registry)
    return registry


def test_where_nobody_listens_the_user_is_told(actions: ActionRegistry) -> None:
    for name in (SLEEP_ACTION, WAKE_ACTION):
        with pytest.raises(ActionError, match="not listening to the microphone"):
            actions.run(name, {}, {})


def test_the_listener_that_came_last_obeys_until_it_is_closed(actions: ActionRegistry) -> None:
    obeyed: list[str] = []
    first = take_over_listening(actions, lambda: obeyed.append("first sleeps"), lambda: obeyed.append("first wakes"))
    second = take_over_listening(actions, lambda: obeyed.append("second sleeps"), lambda: obeyed.append("second wakes"))
    assert actions.run(SLEEP_ACTION, {}, {}).done
    first()
    assert actions.run(WAKE_ACTION, {}, {}).done
    assert obeyed == ["second sleeps", "second wakes"]
    second()
    with pytest.raises(ActionError, match="not listening to the microphone"):
        actions.run(SLEEP_ACTION, {}, {})
