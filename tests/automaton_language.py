"""Compares automata by what they accept, however they number their nodes."""

from __future__ import annotations

from voiceassist.grammar.compiler.automaton import Automaton


def node_names(automaton: Automaton) -> dict[int, tuple[object, ...]]:
    """The nodes that can be reached, named by what can follow: phones with their words, no numbers of nodes."""
    leaving: dict[int, list[int]] = {}
    for state, node in enumerate(automaton.source.tolist()):
        leaving.setdefault(node, []).append(state)
    names: dict[int, tuple[object, ...]] = {}

    def name(node: int) -> tuple[object, ...]:
        if node not in names:
            arcs = sorted(
                (int(automaton.phone[state]), automaton.words[word] if word >= 0 else "", name(target))
                for state in leaving.get(node, [])
                for word, target in [(int(automaton.word[state]), int(automaton.target[state]))]
            )
            names[node] = (bool(automaton.accepting[node]), bool(automaton.tail[node]), hash(tuple(arcs)))
        return names[node]

    name(0)
    return names


def language(automaton: Automaton) -> tuple[object, ...]:
    """Equal for two automata if they accept the same phones with the same words."""
    return node_names(automaton)[0]
