"""Calls by name, values from slots and arguments, and the way back."""

from __future__ import annotations

import threading
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from private_desktop import until

from voiceassist.action_spec import ActionOutcome, Risk
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionRegistry
from voiceassist.errors import ActionError


def echo(call: ActionCall) -> ActionOutcome:
    return ActionOutcome(True, str(call.value("x")))


def test_what_was_said_goes_before_what_was_fixed() -> None:
    registry = ActionRegistry()
    registry.register("echo", echo)
    assert registry.run("echo", {"x": 1}, {"x": 2}).message == "2"
    assert registry.run("echo", {"x": 1}, {}).message == "1"
    registry.close()


def test_an_unknown_action_names_the_nearest_one() -> None:
    registry = ActionRegistry()
    registry.register("echo", echo)
    with pytest.raises(ActionError, match="no action called 'ecco'") as caught:
        registry.run("ecco", {}, {})
    assert "echo" in caught.value.hint


def test_a_name_is_given_once() -> None:
    registry = ActionRegistry()
    registry.register("echo", echo)
    with pytest.raises(ActionError, match="twice"):
        registry.register("echo", echo)


@pytest.mark.parametrize("value", ["forty", True, float("nan"), float("inf"), [40], {}])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(ActionError, match="needs a number as percent"):
        ActionCall("volume.set", {}, {"percent": value}).needed_number("percent")


def test_a_missing_value_is_named() -> None:
    with pytest.raises(ActionError, match=r"timer\.start was called without duration") as caught:
        ActionCall("timer.start").needed_number("duration")
    assert "{duration}" in caught.value.hint


@pytest.mark.parametrize("value", ["", "  ", 3])
def test_what_is_no_text_is_refused(value: Any) -> None:
    with pytest.raises(ActionError, match="needs a text as app"):
        ActionCall("app.open", {"app": value}).needed_text("app")


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(st.integers(), max_size=40), st.integers(1, 10))
def test_undo_goes_back_newest_first_and_no_further_than_the_limit(values: list[int], limit: int) -> None:
    registry = ActionRegistry(undo_limit=limit)
    for value in values:
        registry.remember(lambda value=value: str(value))
    undone = []
    while True:
        try:
            undone.append(int(registry.undo_last().message))
        except ActionError as error:
            assert error.message == "there is nothing to undo"  # noqa: PT017 - the loop ends with it
            break
    assert undone == values[::-1][:limit]


def test_a_token_undoes_its_own_action_once() -> None:
    registry = ActionRegistry()
    first, second = registry.remember(lambda: "first"), registry.remember(lambda: "second")
    assert registry.undo(first).message == "first"
    with pytest.raises(ActionError, match="cannot be undone any more"):
        registry.undo(first)
    assert registry.undo(second).message == "second"


def test_closing_closes_what_is_owned_once_and_ends_the_actions() -> None:
    registry = ActionRegistry()
    registry.register("echo", echo)
    closed: list[str] = []
    registry.own(lambda: closed.append("first"))
    registry.own(lambda: closed.append("second"))
    registry.close()
    registry.close()
    assert closed == ["second", "first"]
    with pytest.raises(ActionError, match="is closing"):
        registry.run("echo", {}, {})


def test_commands_at_once_keep_their_order() -> None:
    registry, done = ActionRegistry(), []

    def slow(call: ActionCall) -> ActionOutcome:
        done.append(call.value("number"))
        return ActionOutcome(True, "")

    registry.register("slow", slow)
    gate = threading.Event()
    registry.register("wait", lambda _call: ActionOutcome(gate.wait(20), ""))
    threads = [threading.Thread(target=registry.run, args=("wait", {}, {}))]
    threads[0].start()
    jobs = registry._worker._jobs
    for number in range(8):
        threads.append(threading.Thread(target=registry.run, args=("slow", {}, {"number": number})))
        threads[-1].start()
        until(lambda number=number: jobs.qsize() == number + 1, "it is in the queue, while the first one runs")
    assert done == []
    gate.set()
    for thread in threads:
        thread.join(20)
    assert done == list(range(8))
    registry.close()


def test_an_action_that_hangs_is_left_behind() -> None:
    registry, gate = ActionRegistry(), threading.Event()
    registry.register("hang", lambda _call: ActionOutcome(gate.wait(60), "too late"), timeout_s=0.1)
    registry.register("echo", echo)
    with pytest.raises(ActionError, match=r"hang did not finish in 0\.1 s"):
        registry.run("hang", {}, {})
    assert registry.run("echo", {"x": 1}, {}).message == "1"
    gate.set()
    assert registry.run("echo", {"x": 2}, {}).message == "2"
    registry.close()


@pytest.mark.parametrize(
    "fault",
    [ZeroDivisionError(), RecursionError(), OverflowError(), TypeError(), UnicodeEncodeError("utf-8", "", 0, 1, ""),
     MemoryError(), KeyError("x"), TimeoutError()],
    ids=lambda fault: type(fault).__name__,
)  # fmt: skip
def test_an_action_with_a_fault_stops_nothing(caplog: pytest.LogCaptureFixture, fault: Exception) -> None:
    registry = ActionRegistry()

    def fail(_call: ActionCall) -> ActionOutcome:
        raise fault

    registry.register("faulty", fail)
    registry.register("echo", echo)
    with pytest.raises(ActionError, match=type(fault).__name__):
        registry.run("faulty", {}, {})
    assert "the action faulty failed" in caplog.text
    assert registry.run("echo", {"x": 1}, {}).message == "1"
    registry.close()


def test_the_last_action_can_be_repeated() -> None:
    registry, calls = ActionRegistry(), []
    with pytest.raises(ActionError, match="no action to repeat"):
        registry.repeat_last()
    registry.register("count", lambda call: ActionOutcome(True, str(calls.append(call.value("x")) or len(calls))))
    registry.register("action.repeat", lambda _call: registry.repeat_last())
    registry.run("count", {}, {"x": 7})
    assert registry.run("action.repeat", {}, {}).message == "2"
    assert registry.run("action.repeat", {}, {}).message == "3"
    registry.register("close", lambda _call: ActionOutcome(True, "Closed."), risk=Risk.DESTROYS)
    registry.run("close", {}, {})
    with pytest.raises(ActionError, match="only repeated when you say it again"):
        registry.repeat_last()
    assert calls == [7, 7, 7]
    registry.close()


def test_a_failure_is_the_last_action_and_its_reason_the_last_answer() -> None:
    def fail(_call: ActionCall) -> ActionOutcome:
        tried.append("tried")
        raise ActionError("it is stuck", hint="pull")

    tried: list[str] = []
    with closing(ActionRegistry()) as registry:
        registry.register("good", lambda _call: ActionOutcome(True, "Good."))
        registry.register("fail", fail)
        registry.run("good", {}, {})
        for repeat in (lambda: registry.run("fail", {}, {}), registry.repeat_last):
            with pytest.raises(ActionError, match="it is stuck"):
                repeat()
        assert registry.last_message == "it is stuck"
        assert len(tried) == 2
