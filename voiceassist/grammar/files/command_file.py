"""One command file, read and parsed on its own.

intents:
  SetVolume:
    description: Sets the volume.
    subject: the volume
    action: volume.set
    risk: changes
    data:
      - sentences:
          - "set [the] volume to {percent}"
  Greet: ["hello", "good (morning|evening)"]
disabled: [NeverMind]
lists:
  color:
    values: [red, {in: "(dark|navy) blue", out: blue}]
expansion_rules:
  the: "[the|my]"
skip_words: [please]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voiceassist.action_spec import Risk
from voiceassist.grammar.files.action_calls import ActionSource, read_action_call
from voiceassist.grammar.files.context import NO_CONTEXT, SentenceContext, read_context
from voiceassist.grammar.files.when import When, read_when
from voiceassist.grammar.language.mistakes import Mistakes
from voiceassist.grammar.language.templates import Template, read_template
from voiceassist.grammar.language.text_normalization import has_decimal_comma, normalize
from voiceassist.grammar.language.yaml_nodes import SourcePosition, YamlNode, read_yaml
from voiceassist.grammar.values.list_reader import ListReader
from voiceassist.grammar.values.lists import AnyList
from voiceassist.i18n import mark

MAX_SENTENCES = 200_000
"""Maximum number of sentence templates in all files together."""

_TOP_KEYS = ("language", "intents", "disabled", "lists", "expansion_rules", "skip_words", "settings", "responses")
_BARE_KEYS = ("intent", "data", "sentences")
_SHARED_KEYS = ("lists", "expansion_rules")  # at the top of a file they are for all files
_OUR_KEYS = ("action", "arguments", "steps", "risk", "when", "description", "subject")
_CONTEXT_KEYS = ("requires_context", "excludes_context", "name_domains")
# hassil's keys that have no meaning here: ignored with a note, so that its files load unchanged.
_IGNORED_KEYS = ("response", "responses", "metadata", "settings", "required_keywords", "inferred_domain", "example")
_BLOCK_KEYS = ("sentences", "slots", "lists", "expansion_rules", *_CONTEXT_KEYS, *_IGNORED_KEYS)
_SLOT_COMBINATION = re.compile(r"[a-z]+(_[a-z]+)*")


@dataclass(frozen=True, slots=True)
class IntentHead:
    """The properties of an intent in one file, apart from its sentences; ``None`` for those that are not given.

    Attributes:
        name: the intent's name.
        place: its position in the file.
        action: the action that it runs.
        arguments: fixed arguments of the action.
        risk: the risk of the action.
        when: where the intent applies.
        description: what it does, shown to users.
        subject: what its number is a number of, shown to users.
        action_source: source positions of the action and its arguments.
    """

    name: str
    place: SourcePosition
    action: str | None = None
    arguments: dict[str, Any] | None = None
    risk: Risk | None = None
    when: When | None = None
    description: str | None = None
    subject: str | None = None
    action_source: ActionSource | None = None


@dataclass(frozen=True, slots=True)
class SentenceBlock:
    """Sentences of an intent with lists, rules and fixed slots of their own."""

    intent: str
    templates: tuple[Template, ...]
    lists: Mapping[str, AnyList]
    rules: Mapping[str, Template]
    slots: Mapping[str, Any]
    context: SentenceContext = NO_CONTEXT


@dataclass(frozen=True, slots=True)
class CommandFile:
    """A parsed command file. Whether the lists and rules that it refers to exist is checked later.

    Attributes:
        path: the file.
        heads: its intents, in order.
        blocks: their sentences, in order.
        disabled: intents of earlier files that it disables, with the position of each.
        lists: its lists.
        rules: its expansion rules.
        skip_words: phrases that are accepted and ignored.
        notes: content of the file that has no effect.
        decimal_comma: whether numbers are typed as 1.250,5 in the language of the file.
    """

    path: Path
    heads: tuple[IntentHead, ...]
    blocks: tuple[SentenceBlock, ...]
    disabled: Mapping[str, SourcePosition]
    lists: Mapping[str, AnyList]
    rules: Mapping[str, Template]
    skip_words: tuple[str, ...]
    notes: tuple[str, ...] = ()
    decimal_comma: bool = False

    @property
    def templates(self) -> int:
        """Number of sentence templates."""
        return sum(len(block.templates) for block in self.blocks)


def read_command_file(path: Path) -> CommandFile:
    """Read a file and parse its sentences, lists and rules.

    Raises:
        GrammarError: the message is ``file:line:column: what is wrong``.
    """
    root = read_yaml(path)
    bare = root.has_key("data") or root.has_key("sentences")
    allowed = (*_BARE_KEYS, *_BLOCK_KEYS, *_TOP_KEYS) if bare else _TOP_KEYS
    top = root.mapping(mark("the file"), allowed)
    mistakes = Mistakes()
    lists = ListReader(MAX_SENTENCES, mistakes)
    lists.read(top.get("lists"))
    reader = _IntentReader(mistakes)
    intents = top["intents"].mapping("'intents'").items() if "intents" in top else ()
    mistakes.each(intents, lambda named: reader.read(*named))
    if bare:
        # without "intent:", the folder's name for HassTurnOn/name_only.yaml, else the file's
        folder = path.absolute().parent.name
        name = folder if folder[:1].isupper() and _SLOT_COMBINATION.fullmatch(path.stem) else path.stem
        reader.read_bare(top["intent"].text("'intent'").strip() if "intent" in top else name, root, top)
    ignored = sorted({*reader.ignored, *(key for key in ("responses", "settings") if key in top)})
    rules = _read_rules(top.get("expansion_rules"), mistakes)
    mistakes.tell()
    what = f"{path}: ignored, because it has no effect here: {', '.join(ignored)}"
    return CommandFile(
        path,
        tuple(reader.heads),
        tuple(reader.blocks),
        {item.text(mark("a name in 'disabled'")).strip(): item.place for item in _entries(top, "disabled")},
        lists.found,
        rules,
        tuple(_skip_phrase(item) for item in _entries(top, "skip_words")),
        (*((what,) if ignored else ()), *lists.notes, *reader.notes),
        "language" in top and has_decimal_comma(str(top["language"].data())),
    )


class _IntentReader:
    def __init__(self, mistakes: Mistakes) -> None:
        self.heads: list[IntentHead] = []
        self.blocks: list[SentenceBlock] = []
        self.ignored: set[str] = set()
        self.notes: list[str] = []
        self._mistakes = mistakes
        self._count = 0

    def read(self, name: str, item: YamlNode) -> None:
        """Read one intent in any of its layouts."""
        if not item.is_mapping:
            self.heads.append(IntentHead(name, item.place))
            self._add_block(name, item, {"sentences": item})
            return
        keys = item.mapping(mark("intent '{name}'", name=name), ("data", *_OUR_KEYS, *_BLOCK_KEYS))
        call = read_action_call(name, item, keys)
        self.heads.append(
            IntentHead(
                name,
                item.place,
                call.action,
                call.arguments,
                Risk(keys["risk"].choice("risk", [str(risk) for risk in Risk])) if "risk" in keys else None,
                read_when(keys["when"]) if "when" in keys else None,
                _text(keys, "description"),
                _text(keys, "subject"),
                call.source,
            )
        )
        if "data" not in keys and "sentences" not in keys:
            raise item.error(
                mark("intent '{name}' has no sentences", name=name),
                mark("add 'sentences:' with a list of what one can say"),
            )
        if "sentences" in keys:
            self._add_block(name, item, keys)
        if "data" in keys:
            self._read_data(name, keys["data"])

    def read_bare(self, name: str, item: YamlNode, keys: Mapping[str, YamlNode]) -> None:
        """Read a file that is one intent: ``sentences:`` or ``data:`` at the top."""
        self.heads.append(IntentHead(name, item.place))
        if "sentences" in keys:
            self._add_block(name, item, {key: found for key, found in keys.items() if key not in _SHARED_KEYS})
        if "data" in keys:
            self._read_data(name, keys["data"])

    def _read_data(self, name: str, data: YamlNode) -> None:
        what = mark("'data' of intent '{name}'", name=name)
        for block in data.sequence(what):
            keys = block.mapping(what, _BLOCK_KEYS)
            if "sentences" not in keys:
                raise block.error(
                    mark("intent '{name}' has data without sentences", name=name), mark("add 'sentences:' to it")
                )
            self._add_block(name, block, keys)

    def _add_block(self, intent: str, item: YamlNode, keys: Mapping[str, YamlNode]) -> None:
        """Parse sentences. They are counted first, because YAML aliases can expand a small file to very many."""
        source = keys["sentences"]
        self._count += len(source.node.value)
        if self._count > MAX_SENTENCES:
            raise item.error(
                mark("more than {count} sentences", count=MAX_SENTENCES),
                mark("use lists and rules instead of single sentences"),
            )
        single = not (source.is_sequence or source.is_mapping or source.is_empty)
        items = [source] if single else source.sequence("'sentences'")
        lists = ListReader(MAX_SENTENCES, self._mistakes)
        lists.read(keys.get("lists"))
        self.notes += lists.notes
        rules = _read_rules(keys.get("expansion_rules"), self._mistakes)
        slots = keys["slots"].mapping("'slots'") if "slots" in keys else {}
        templates = tuple(self._mistakes.each(items, lambda entry: read_template(entry, "a sentence")))
        self.ignored.update(key for key in keys if key in _IGNORED_KEYS)
        self.blocks.append(
            SentenceBlock(
                intent,
                templates,
                lists.found,
                rules,
                {slot: value.data() for slot, value in slots.items()},
                read_context(keys),
            )
        )


def _entries(top: Mapping[str, YamlNode], key: str) -> list[YamlNode]:
    return top[key].sequence(f"'{key}'") if key in top and not top[key].is_empty else []


def _text(keys: Mapping[str, YamlNode], key: str) -> str | None:
    return keys[key].text(f"'{key}'").strip() if key in keys else None


def _read_rules(item: YamlNode | None, mistakes: Mistakes) -> dict[str, Template]:
    rules = {} if item is None else item.mapping("'expansion_rules'")
    named = mistakes.each(
        rules.items(), lambda rule: (rule[0], read_template(rule[1], mark("rule '{name}'", name=rule[0])))
    )
    return dict(named)


def _skip_phrase(item: YamlNode) -> str:
    words = normalize(item.text(mark("a skip word")))
    if not words:
        raise item.error(mark("this has no words that can be pronounced"), mark("write words in Latin letters"))
    return " ".join(words)
