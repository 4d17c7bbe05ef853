"""``voiceassist actions``: the table of actions, as the registry knows them."""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import Any

from voiceassist.action_spec import ActionSpec, Parameter
from voiceassist.actions.builtin import default_registry
from voiceassist.actions.registry import ActionRegistry
from voiceassist.cli.output import print_json, print_note, table


def show_actions(options: argparse.Namespace) -> int:
    """Lists the actions with their parameters, and those that are unavailable on this machine, with the reason."""
    with closing(default_registry(print_note, rings=False)) as registry:
        if options.markdown:
            print(markdown_table(registry), end="")
        elif options.json:
            for spec in registry.specs().values():
                print_json(_object(registry, spec))
        else:
            rows = [("action", "parameters", "risk", "undo", "works here")]
            for spec in registry.specs().values():
                problem = registry.unavailable(spec.name)
                works = "yes" if problem is None else f"no: {problem.message}"
                parameters = ", ".join(map(_parameter, spec.parameters)) or "-"
                rows.append((spec.name, parameters, str(spec.risk), "yes" if spec.undo else "-", works))
            print(table(rows))
    return 0


def markdown_table(registry: ActionRegistry) -> str:
    """The table of the documentation."""
    lines = ["| action | what it does | parameters | risk | undo | needs |", "| --- | --- | --- | --- | --- | --- |"]
    for spec in registry.specs().values():
        parameters = ", ".join(f"`{_parameter(parameter)}`" for parameter in spec.parameters)
        undo = "yes" if spec.undo else ""
        cells = (f"`{spec.name}`", spec.description, parameters, str(spec.risk), undo, spec.needs)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _parameter(parameter: Parameter) -> str:
    """``percent``, ``count?`` if it is optional, or ``to=(up|down)``."""
    choices = f"=({'|'.join(parameter.choices)})" if parameter.choices else ""
    return f"{parameter.name}{'' if parameter.required else '?'}{choices}"


def _object(registry: ActionRegistry, spec: ActionSpec) -> dict[str, Any]:
    problem = registry.unavailable(spec.name)
    return {
        "action": spec.name,
        "description": spec.description,
        "parameters": [
            {
                "name": parameter.name,
                "kind": str(parameter.kind),
                "required": parameter.required,
                "choices": list(parameter.choices),
                "description": parameter.description,
            }
            for parameter in spec.parameters
        ],
        "risk": str(spec.risk),
        "undo": spec.undo,
        "needs": spec.needs,
        "timeout_s": spec.timeout_s,
        "available": problem is None,
        "reason": None if problem is None else f"{problem.message} ({problem.hint})",
    }
