"""Importer for the ``sentences.ini`` of Rhasspy and voice2json.

``[a]`` is optional, ``(a | b)`` is a choice, ``(a b){slot}`` fills a slot, ``a:b`` matches ``a`` and outputs ``b``,
``<rule>`` and ``<Intent.rule>`` are rule references. The values of ``$list`` are read from a file of that name, in the
sub-folder ``slots`` (or ``slot_lists``) of the file's folder or in that folder itself.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from voiceassist.errors import GrammarError
from voiceassist.grammar.importers.ini_syntax import (
    CASES,
    NUMBERS,
    Line,
    Part,
    Skipped,
    Tag,
    bare,
    converted,
    fixed_slots,
    parse_ini_template,
    read_lines,
)
from voiceassist.grammar.importers.scan import Scanner, read_text
from voiceassist.grammar.importers.tree import (
    Choice,
    ImportedGrammar,
    Node,
    Row,
    Rule,
    Slot,
    Text,
    Value,
    plain_name,
    template,
)
from voiceassist.grammar.language.yaml_nodes import SourcePosition

MAX_VARIANTS = 500
"""Maximum number of phrases that a tag may expand to."""
_FOLDERS = ("slots", "slot_lists", ".")
_MAX_DEPTH = 20
_WEIGHT = re.compile(r"(?:^|[\s(\[|])(/\s*[\d.]+\s*/)")


Phrase = tuple[str, str]
"""Spoken text and its value."""


def read_sentences_ini(path: Path) -> ImportedGrammar:
    """Import the sentences and the slot lists that they use.

    Raises:
        GrammarError: ``file:line:column: what is wrong``.
    """
    return _Converter(path).convert()


class _Converter:
    def __init__(self, path: Path) -> None:
        self._folder = path.parent
        self._imported = ImportedGrammar()
        self._problems: list[GrammarError] = []
        self._unread: list[GrammarError] = []
        self._lines = read_lines(path, self._unread)
        self._bodies = {(line.intent, line.name): line for line in self._lines if line.name}
        self._rule_names: dict[tuple[str, str], str] = {}
        self._slot_values: dict[str, list[Phrase]] = {}
        self._intent = ""
        self._depth = 0

    def convert(self) -> ImportedGrammar:
        for problem in self._unread:
            self._leave_out(problem, "line")
        for line in self._lines:
            if weight := _WEIGHT.search(line.text):
                self._imported.note(line.place_at(weight.start(1)), "weights were dropped")
            if not line.name:
                self._intent = line.intent
                try:
                    part = _parse(line)
                    fixed, rest = fixed_slots(part)
                    words = template(self._node(rest))
                except Skipped as left:
                    self._imported.intents.setdefault(line.intent, [])
                    self._imported.note(left.place, f"the sentence was left out: {left.why}")
                except GrammarError as error:
                    self._imported.intents.setdefault(line.intent, [])
                    self._leave_out(error, "sentence", line.place)
                else:
                    self._imported.add_sentence(line.place, line.intent, words, fixed)
        if self._problems and not any(self._imported.intents.values()):
            raise self._problems[0]
        return self._imported

    def _leave_out(self, problem: GrammarError, what: str, place: SourcePosition | None = None) -> None:
        """Record an error, with the sentence's position if the error is on another line, such as a rule's."""
        elsewhere = place is not None and not problem.message.startswith(f"{place.file}:{place.line}:")
        self._problems.append(problem)
        self._imported.notes.append(f"{f'{place}: ' if elsewhere else ''}{problem.message}; the {what} was left out")

    def _node(self, part: Part) -> Node:
        if part.tag is not None:
            return self._tagged(part, part.tag)
        if part.output is not None:
            self._imported.note(part.place, f"outside of tags words cannot be replaced: '{part.output}' was dropped")
        if not part.items:
            return self._leaf(part)
        items = tuple(self._node(item) for item in part.items)
        if part.kind != "optional":
            return Row(items) if part.kind == "row" else Choice(items)
        # An untagged choice becomes one optional choice rather than a choice inside an option.
        (node,), choice = items, part.items[0]
        plain = choice.kind == "choice" and choice.tag is None and isinstance(node, Choice) and not node.optional
        return Choice(node.items if plain and isinstance(node, Choice) else (node,), optional=True)

    def _leaf(self, part: Part) -> Node:
        if part.kind == "rule":
            return self._rule(part)
        if part.kind == "slot":
            # an untagged slot list fills no slot, so it becomes an expansion rule
            values = self._values(part)
            name = f"{plain_name(part.text)}_words"
            if name not in self._imported.rules:
                self._imported.add_rule(part.place, name, template(Choice(tuple(Text(said) for said, _ in values))))
            if name not in self._imported.rules:
                raise Skipped(part.place, f"${part.text} cannot be written as a rule")
            return Rule(name)
        if part.kind == "range":
            self._imported.note(part.place, f"{part.text} has no tag; here it fills the slot 'number'")
            return Slot(part.text, part.text)
        return Text(part.text)

    def _rule(self, part: Part) -> Node:
        line = self._rule_line(part)
        key = (line.intent, line.name)
        if key not in self._rule_names:
            name = self._imported.free_name(line.name, lambda name: name in self._rule_names.values())
            self._rule_names[key] = name
            before, self._intent = self._intent, line.intent
            body = self._nested(part, lambda: self._node(_parse(line)))
            self._intent = before
            self._imported.add_rule(line.place, name, template(body))
        return Rule(self._rule_names[key])

    def _rule_line(self, part: Part) -> Line:
        intent, _, name = part.text.rpartition(".")
        line = self._bodies.get((intent or self._intent, name))
        if line is None:
            raise part.place.error(
                f"there is no rule <{part.text}>", f"add '{name} = ...' to [{intent or self._intent}]"
            )
        return line

    def _nested(self, part: Part, make: Callable[[], Any]) -> Any:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise part.place.error("rules contain each other", "break the circle")
        try:
            return make()
        finally:
            self._depth -= 1

    def _tagged(self, part: Part, tag: Tag) -> Node:
        unknown = sorted({name for name in part.converters if name not in NUMBERS and name not in CASES})
        if unknown:
            self._imported.note(part.place, f"the converter !{unknown[0]} was dropped")
        choices = part.items if part.kind == "choice" and part.output is None and tag.value is None else (part,)
        nodes: list[Node] = []
        words: list[Part] = []
        for item in choices:
            inner = bare(item)
            if inner.kind == "slot" and inner.output is None and tag.value is None:
                nodes.append(self._slot(inner, tag))
            elif inner.kind == "range" and inner.output is None and tag.value is None:
                nodes.append(Slot(inner.text, tag.name))
            else:
                words.append(item)
        if words:
            nodes.insert(0, self._word_list(part, tag, words))
        return nodes[0] if len(nodes) == 1 else Choice(tuple(nodes))

    def _slot(self, part: Part, tag: Tag) -> Node:
        name = plain_name(part.text)
        program = self._file_beside(part, ("slot_programs",))
        if program is not None:
            arguments = part.text.partition(",")[2].split(",")
            self._imported.programs[name] = [str(program.absolute()), *filter(None, arguments)]
            self._imported.note(
                part.place, f"the values of ${part.text} are printed by a program, which is run here, too"
            )
        elif name not in self._imported.lists:
            values = [_value_of(said, out, part) for said, out in self._values(part)]
            self._imported.add_list(part.place, name, values)
        return Slot(name, tag.name)

    def _word_list(self, part: Part, tag: Tag, words: list[Part]) -> Node:
        """A slot over a list made from tagged words; equal words share one list."""
        pairs = [pair for item in words for pair in self._variants(replace(item, tag=None))]
        if any(not said for said, _ in pairs):
            raise Skipped(part.place, f"nothing may be said for '{tag.name}' here")
        values = [_value_of(said, out if tag.value is None else tag.value, part) for said, out in pairs]
        values = list(dict.fromkeys(values))
        name = self._imported.free_name(
            tag.name, lambda name: name in self._imported.lists and self._imported.lists[name] != values
        )
        if name not in self._imported.lists:
            self._imported.add_list(part.place, name, values)
        return Slot(name, tag.name)

    # Expansion of a part to all its phrases with their values

    def _variants(self, part: Part) -> list[Phrase]:
        if part.tag is not None:
            raise Skipped(part.place, "a tag inside of a tag")
        if part.kind == "word":
            found = [(part.text, part.text)]
        elif part.kind == "slot":
            found = self._values(part)
        elif part.kind == "rule":
            body = _parse(self._rule_line(part))
            found = self._nested(part, lambda: self._variants(body))
        elif part.kind == "range":
            raise Skipped(part.place, "a tag around a range and words")
        elif part.kind == "choice":
            found = [pair for item in part.items for pair in self._variants(item)]
        elif part.kind == "optional":
            found = [*self._variants(part.items[0]), ("", "")]
        else:
            found = _joined([self._variants(item) for item in part.items], part.place)
        if len(found) > MAX_VARIANTS:
            raise Skipped(part.place, f"a tag with more than {MAX_VARIANTS} ways to say it")
        return found if part.output is None else [(said, part.output) for said, _ in found]

    def _values(self, part: Part) -> list[Phrase]:
        """The values of a slot list.

        Raises:
            Skipped: there is no file for the list, or the list is empty.
        """
        name = part.text
        if name not in self._slot_values:
            path = self._file_beside(part, _FOLDERS)
            if path is None:
                raise Skipped(part.place, f"there is no file slots/{name.partition(',')[0]} beside it")
            found: list[Phrase] = []
            for number, raw in enumerate(read_text(path).splitlines(), 1):
                text = raw.strip()
                if text and text[0] != "#":
                    line = Line("", name, text, SourcePosition(str(path), number, 1))
                    try:
                        found += self._nested(part, lambda line=line: self._variants(_parse(line)))  # type: ignore[misc]
                    except GrammarError as error:
                        self._leave_out(error, "value")
            self._slot_values[name] = found
        if not self._slot_values[name]:
            raise Skipped(part.place, f"the slot list ${name} is empty")
        return self._slot_values[name]

    def _file_beside(self, part: Part, folders: Sequence[str]) -> Path | None:
        """The file of a slot list or program in the first of the folders that has it."""
        name = part.text.partition(",")[0]
        outside = Path(name).is_absolute() or ".." in Path(name).parts
        paths = () if outside else (self._folder / folder / name for folder in folders)
        return next((path for path in paths if path.is_file()), None)


def _parse(line: Line) -> Part:
    return parse_ini_template(Scanner(line.text, line.place_at))


def _joined(columns: list[list[Phrase]], place: SourcePosition) -> list[Phrase]:
    """The Cartesian product of the columns, each combination joined with spaces.

    Raises:
        Skipped: there are more than `MAX_VARIANTS` combinations.
    """
    if math.prod(map(len, columns)) > MAX_VARIANTS:
        raise Skipped(place, f"a tag with more than {MAX_VARIANTS} ways to say it")
    return [
        (" ".join(filter(None, (said for said, _ in row))), " ".join(filter(None, (out for _, out in row))))
        for row in itertools.product(*columns)
    ]


def _value_of(said: str, out: str, part: Part) -> Value:
    """A list value whose output has been passed through the part's converters."""
    meant = converted(out, part.converters)
    return Value(template(Text(said)), None if meant == said else meant)
