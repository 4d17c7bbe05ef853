"""What an intent runs: ``action:`` with ``arguments:``, or ``steps:`` of several actions.

intents:
  Backup:
    action: program.run
    arguments: {argv: [rsync, -a, "{folder}", /backup]}
  Focus:
    steps:
      - {action: do_not_disturb.set, arguments: {"on": true}}
      - {action: app.close, arguments: {app: Chat}, when: {os: linux}}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from voiceassist.grammar.files.when import read_when
from voiceassist.grammar.language.yaml_nodes import SourcePosition, YamlNode
from voiceassist.i18n import mark

STEPS_ACTION = "steps"
"""The action that stands for ``steps:``; its argument of the same name holds them."""

_STEP_KEYS = ("action", "arguments", "when")


@dataclass(frozen=True, slots=True)
class ActionSource:
    """Source positions of an action and its arguments.

    Attributes:
        place: position of the action's name.
        arguments: position of each argument's value.
        steps: the same for each step.
    """

    place: SourcePosition
    arguments: Mapping[str, SourcePosition] = field(default_factory=dict)
    steps: tuple[ActionSource, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionCallSpec:
    """An action and its fixed arguments; ``None`` for what is not given."""

    action: str | None = None
    arguments: dict[str, Any] | None = None
    source: ActionSource | None = None


def read_action_call(name: str, item: YamlNode, keys: Mapping[str, YamlNode]) -> ActionCallSpec:
    """Read ``action``, ``arguments`` and ``steps`` of an intent.

    Raises:
        GrammarError: a key has the wrong type, or both an action and steps are given.
    """
    if STEPS_ACTION not in keys:
        return _read_call(item, keys)
    if "action" in keys or "arguments" in keys:
        raise keys[STEPS_ACTION].error(
            mark("intent '{name}' has both 'steps' and 'action' or 'arguments'", name=name),
            mark("move the action into the steps"),
        )
    steps, sources = [], []
    for entry in keys[STEPS_ACTION].sequence("'steps'"):
        entry_keys = entry.mapping(mark("a step"), _STEP_KEYS)
        if "action" not in entry_keys:
            raise entry.error(mark("this step has no action"), mark("add 'action:' with the name of one"))
        call = _read_call(entry, entry_keys)
        step: dict[str, Any] = {"action": call.action, "arguments": call.arguments or {}}
        if "when" in entry_keys:
            when = read_when(entry_keys["when"])
            step["when"] = {"os": list(when.systems), "app": list(when.apps)}
        steps.append(step)
        sources.append(call.source or ActionSource(entry.place))
    source = ActionSource(keys[STEPS_ACTION].place, steps=tuple(sources))
    return ActionCallSpec(STEPS_ACTION, {STEPS_ACTION: steps}, source)


def _read_call(item: YamlNode, keys: Mapping[str, YamlNode]) -> ActionCallSpec:
    action = keys["action"].text("'action'").strip() if "action" in keys else None
    nodes = keys["arguments"].mapping("'arguments'") if "arguments" in keys else None
    if action is None and nodes is None:
        return ActionCallSpec()
    arguments = None if nodes is None else {key: node.data() for key, node in nodes.items()}
    places = {key: node.place for key, node in (nodes or {}).items()}
    return ActionCallSpec(action, arguments, ActionSource(keys.get("action", item).place, places))
