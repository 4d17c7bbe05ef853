"""Reads command files: hassil's layout, with the action, arguments and risk of each intent.

intents:
  SetVolume:
    action: volume.set
    risk: changes
    data:
      - sentences:
          - "set [the] volume to {percent}"
  Greet: ["hello", "good (morning|evening)"]
lists:
  color:
    values: [red, {in: "(dark|navy) blue", out: blue}]
expansion_rules:
  the: "[the|my]"
skip_words: [please]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voiceassist.domain import CommandSpec, Risk
from voiceassist.errors import GrammarError
from voiceassist.grammar.check import Checker
from voiceassist.grammar.commands import CommandSet, Scope, SentenceSpec
from voiceassist.grammar.graphbuilder import build_word_graph
from voiceassist.grammar.lists import AnyList, TextList, builtin_lists
from voiceassist.grammar.listsource import ListReader
from voiceassist.grammar.source import Item, Place, read_yaml, suggestion
from voiceassist.grammar.templates import Template, read_template
from voiceassist.grammar.text import normalize

MOST_SENTENCES = 200_000
"""So many sentence templates at most are in all files together."""

_TOP_KEYS = ("language", "intents", "lists", "expansion_rules", "skip_words", "settings", "responses")
_OUR_KEYS = ("action", "arguments", "risk", "when", "description")
_LOCAL_KEYS = ("sentences", "slots", "lists", "expansion_rules")
# hassil's keys for answers and for the state of a house: read past, so that its files can be used as they are.
_OTHER_KEYS = (
    "response",
    "metadata",
    "settings",
    "requires_context",
    "excludes_context",
    "required_keywords",
    "inferred_domain",
    "name_domains",
)


def load_commands(files: Sequence[Path], *, lists: Mapping[str, TextList] | None = None) -> CommandSet:
    """Read command files as one set; several files add to each other.

    Args:
        files: the command files, in the order in which their definitions count.
        lists: lists from outside, such as the installed applications; a file's own list of that name wins.

    Raises:
        GrammarError: ``file:line:column: what is wrong``.
    """
    loader = _Loader({**builtin_lists(), **(lists or {})})
    for file in files:
        loader.read(file)
    return loader.finish(files)


class _Loader:
    def __init__(self, given_lists: Mapping[str, AnyList]) -> None:
        self._given = given_lists
        self._lists = ListReader(MOST_SENTENCES)
        self._rules: dict[str, Template] = {}
        self._skip_words: list[str] = []
        self._blocks: list[tuple[str, Mapping[str, Item]]] = []
        self._specs: dict[str, CommandSpec] = {}
        self._when: dict[str, Any] = {}
        self._count = 0

    def read(self, path: Path) -> None:
        """Take in one file. Sentences wait until all lists and rules are known."""
        root = read_yaml(path)
        top = root.mapping("the file", _TOP_KEYS)
        self._lists.read(top.get("lists"))
        self._rules.update(_read_rules(top.get("expansion_rules")))
        if "skip_words" in top and not top["skip_words"].is_empty:
            self._skip_words += [_skip_phrase(item) for item in top["skip_words"].sequence("'skip_words'")]
        if "intents" in top:
            for name, item in top["intents"].mapping("'intents'").items():
                self._read_intent(name, item)

    def finish(self, files: Sequence[Path]) -> CommandSet:
        """Parse and check all sentences."""
        scope = Scope({**self._given, **self._lists.found}, self._rules)
        sentences: dict[str, list[SentenceSpec]] = {name: [] for name in self._specs}
        checker = Checker()
        for intent, block in self._blocks:
            for sentence in _block_sentences(block, scope):
                checker.check(sentence)
                sentences[intent].append(sentence)
        if not sentences:
            file = str(files[-1]) if files else "no file"
            raise Place(file, 1, 1).error("there are no intents", "add 'intents:' with a first intent below it")
        frozen = {intent: tuple(found) for intent, found in sentences.items()}
        skip_words = tuple(dict.fromkeys(self._skip_words))
        return CommandSet(self._specs, frozen, scope.lists, scope.rules, skip_words, self._when)

    def _read_intent(self, name: str, item: Item) -> None:
        if not item.is_mapping:
            self._add_block(name, item, {"sentences": item})
            self._specs.setdefault(name, CommandSpec(name))
            return
        keys = item.mapping(f"intent '{name}'", ("data", *_OUR_KEYS, *_LOCAL_KEYS, *_OTHER_KEYS))
        self._specs[name] = _spec(name, keys, self._specs.get(name))
        if "when" in keys:
            self._when[name] = keys["when"].data()
        if "data" not in keys and "sentences" not in keys:
            raise item.error(f"intent '{name}' has no sentences", "add 'sentences:' with a list of what one can say")
        if "sentences" in keys:
            self._add_block(name, item, keys)
        if "data" in keys:
            self._read_data(name, keys["data"])

    def _add_block(self, intent: str, item: Item, block: Mapping[str, Item]) -> None:
        """Keep sentences for later. They are counted now: aliases can make very many of a small file."""
        self._blocks.append((intent, block))
        self._count += len(block["sentences"].node.value)
        if self._count > MOST_SENTENCES:
            raise item.error(f"more than {MOST_SENTENCES} sentences", "use lists and rules instead of single sentences")

    def _read_data(self, name: str, data: Item) -> None:
        for block in data.sequence(f"'data' of intent '{name}'"):
            keys = block.mapping(f"'data' of intent '{name}'", (*_LOCAL_KEYS, *_OTHER_KEYS))
            if "sentences" not in keys:
                raise block.error(f"intent '{name}' has data without sentences", "add 'sentences:' to it")
            self._add_block(name, block, keys)


def _block_sentences(block: Mapping[str, Item], scope: Scope) -> list[SentenceSpec]:
    local_lists = ListReader(MOST_SENTENCES)
    local_lists.read(block.get("lists"))
    inner = scope.inner(local_lists.found, _read_rules(block.get("expansion_rules")))
    slots = _plain_mapping(block.get("slots"), "'slots'")
    source = block["sentences"]
    single = not (source.is_sequence or source.is_mapping or source.is_empty)
    items = [source] if single else source.sequence("'sentences'")
    return [SentenceSpec(read_template(entry, "a sentence"), inner, slots) for entry in items]


def _spec(name: str, keys: Mapping[str, Item], before: CommandSpec | None) -> CommandSpec:
    """What the intent runs; a later file adds to an earlier one or overrides it."""
    before = before or CommandSpec(name)
    return CommandSpec(
        name,
        keys["action"].text("'action'").strip() if "action" in keys else before.action,
        _plain_mapping(keys["arguments"], "'arguments'") if "arguments" in keys else before.arguments,
        _risk(keys["risk"]) if "risk" in keys else before.risk,
    )


def _risk(item: Item) -> Risk:
    name = item.text("'risk'").strip().lower()
    known = [str(risk) for risk in Risk]
    if name not in known:
        raise item.error(f"there is no risk '{name}'", suggestion(name, known))
    return Risk(name)


def _plain_mapping(item: Item | None, what: str) -> dict[str, Any]:
    return {} if item is None else {name: value.data() for name, value in item.mapping(what).items()}


def _read_rules(item: Item | None) -> dict[str, Template]:
    rules = {} if item is None else item.mapping("'expansion_rules'")
    return {name: read_template(rule, f"rule '{name}'") for name, rule in rules.items()}


def _skip_phrase(item: Item) -> str:
    words = normalize(item.text("a skip word"))
    if not words:
        raise _unsayable(item)
    return " ".join(words)


def _unsayable(item: Item) -> GrammarError:
    return item.error("nothing here can be said", "write words in Latin letters")


@dataclass(frozen=True, slots=True)
class Summary:
    """How much a set of commands holds.

    Attributes:
        intents: how many intents there are.
        templates: how many sentences were written.
        sentences: how many different ways there are to say something, with every value of every list.
    """

    intents: int
    templates: int
    sentences: int


def describe(commands: CommandSet) -> Summary:
    """Count what can be said.

    Raises:
        GrammarError: the sentences have far too many forms.
    """
    templates = sum(len(sentences) for sentences in commands.sentences.values())
    return Summary(len(commands.intents), templates, build_word_graph(commands).count_sentences())
