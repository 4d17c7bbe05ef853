"""Importer for the ``sentences.ini`` of Rhasspy and voice2json.

``[a]`` is optional, ``(a | b)`` is a choice, ``(a b){slot}`` fills a slot, ``a:b`` matches ``a`` and outputs ``b``,
``<rule>`` and ``<Intent.rule>`` are rule references. The values of ``$list`` are read from a file of that name, in the
sub-folder ``slots`` (or ``slot_lists``) of the file's folder or in that folder itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from voiceassist.errors import GrammarError
from voiceassist.grammar.importers.ini_syntax import (
    CASES,
    MAX_VARIANTS,
    NUMBERS,
    Line,
    Part,
    Phrase,
    Tag,
    bare,
    converted,
    has_words,
    joined,
    parse_ini_template,
    read_lines,
    too_many_variants,
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
from voiceassist.grammar.language.text_normalization import MONTHS
from voiceassist.grammar.language.yaml_nodes import SourcePosition
from voiceassist.grammar.values.dates import WEEKDAYS

_FOLDERS = ("slots", "slot_lists", ".")
_MAX_DEPTH = 20
_WEIGHT = re.compile(r"(?:^|[\s(\[|])(/\s*[\d.]+\s*/)")
_BUILT_IN = {"rhasspy/days": WEEKDAYS, "rhasspy/months": MONTHS}


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
                self._imported.note(line.position_at(weight.start(1)), "weights were dropped")
            if not line.name:
                self._intent = line.intent
                self._imported.intents.setdefault(line.intent, [])
                try:
                    fixed, rest = self._fixed_slots(_parse(line))
                    self._imported.add_sentence(line.position, line.intent, template(self._node(rest)), fixed)
                except GrammarError as error:
                    self._leave_out(error, "sentence", line.position)
        if self._problems and not any(self._imported.intents.values()):
            raise self._problems[0]
        return self._imported

    def _leave_out(self, problem: GrammarError, what: str, position: SourcePosition | None = None) -> None:
        """Record an error, with the sentence's position if the error is on another line, such as a rule's."""
        elsewhere = position is not None and not problem.message.startswith(f"{position.file}:{position.line}:")
        self._problems.append(problem)
        self._imported.notes.append(f"{f'{position}: ' if elsewhere else ''}{problem.message}; the {what} was left out")

    def _fixed_slots(self, part: Part) -> tuple[dict[str, Any], Part]:
        """Split a part into its fixed slots and the rest; ``(:){slot:value}`` fills a slot without spoken words."""
        fixed: dict[str, Any] = {}
        rest: list[Part] = []
        for item in part.items if part.kind == "row" and part.tag is None else (part,):
            if item.tag is not None and not has_words(item):
                ((_, meaning),) = self._variants(replace(item, tag=None, converters=()))
                fixed[item.tag.name] = self._converted(meaning if item.tag.value is None else item.tag.value, item)
            else:
                rest.append(item)
        return fixed, Part("row", part.position, items=tuple(rest))

    def _node(self, part: Part) -> Node:
        if part.tag is not None:
            return self._tagged(part, part.tag)
        if part.output is not None:
            self._imported.note(part.position, f"outside of tags words cannot be replaced: '{part.output}' was dropped")
        if not part.items:
            return self._leaf(part)
        items = tuple(self._node(item) for item in part.items)
        if part.kind != "optional":
            return Row(items) if part.kind == "row" else Choice(items)
        # An untagged choice becomes one optional choice rather than a choice inside an option.
        (node,) = items
        plain = part.items[0].tag is None and isinstance(node, Choice) and not node.optional
        return Choice(node.items if plain and isinstance(node, Choice) else items, optional=True)

    def _leaf(self, part: Part) -> Node:
        if part.kind == "rule":
            line = self._rule_line(part)
            key = (line.intent, line.name)
            if key not in self._rule_names:
                taken = self._rule_names.values()
                self._rule_names[key] = self._imported.free_name(line.name, lambda name: name in taken)
                before, self._intent = self._intent, line.intent
                body = self._nested(part, lambda: self._node(_parse(line)))
                self._intent = before
                self._imported.add_rule(line.position, self._rule_names[key], template(body))
            return Rule(self._rule_names[key])
        if part.kind == "slot":
            # an untagged slot list fills no slot, so it becomes an expansion rule
            name = f"{plain_name(part.text)}_words"
            if name not in self._imported.rules:
                values = tuple(Text(spoken) for spoken, _ in self._values(part))
                self._imported.add_rule(part.position, name, template(Choice(values)))
            if name not in self._imported.rules:
                raise part.position.error(f"${part.text} cannot be written as a rule", "use it with a tag")
            return Rule(name)
        if part.kind == "range":
            self._imported.note(part.position, f"{part.text} has no tag; here it fills the slot 'number'")
            return Slot(part.text, part.text)
        return Text(part.text)

    def _rule_line(self, part: Part) -> Line:
        intent, _, name = part.text.rpartition(".")
        line = self._bodies.get((intent or self._intent, name))
        if line is None:
            raise part.position.error(
                f"there is no rule <{part.text}>", f"add '{name} = ...' to [{intent or self._intent}]"
            )
        return line

    def _nested(self, part: Part, make: Callable[[], Any]) -> Any:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise part.position.error("rules contain each other", "break the circle")
        try:
            return make()
        finally:
            self._depth -= 1

    def _tagged(self, part: Part, tag: Tag) -> Node:
        choices = part.items if part.kind == "choice" and part.output is None and tag.value is None else (part,)
        nodes: list[Node] = []
        words: list[Part] = []
        for item in choices:
            inner = bare(item)
            if inner.kind == "slot" and inner.output is None and tag.value is None:
                name = plain_name(inner.text)
                program = self._file_beside(inner, ("slot_programs",))
                if program is not None:
                    arguments = inner.text.partition(",")[2].split(",")
                    self._imported.programs[name] = [str(program.absolute()), *filter(None, arguments)]
                    self._imported.note(
                        inner.position, f"the values of ${inner.text} are printed by a program, which is run here, too"
                    )
                elif name not in self._imported.lists:
                    values = [self._value(spoken, out, inner) for spoken, out in self._values(inner)]
                    self._imported.add_list(inner.position, name, values)
                nodes.append(Slot(name, tag.name))
            elif inner.kind == "range" and inner.output is None and tag.value is None:
                nodes.append(Slot(inner.text, tag.name))
            else:
                words.append(item if item is not part else replace(part, tag=None, converters=()))
        if words:
            nodes.insert(0, self._word_list(part, tag, words))
        return nodes[0] if len(nodes) == 1 else Choice(tuple(nodes))

    def _word_list(self, part: Part, tag: Tag, words: list[Part]) -> Node:
        """A slot over a list made from tagged words; equal words share one list."""
        pairs = [pair for item in words for pair in self._variants(item)]
        spoken = [(text, out) for text, out in pairs if text]
        if not spoken:
            raise part.position.error(f"'{tag.name}' has no words here", "write words before the tag")
        values = [self._value(text, out if tag.value is None else tag.value, part) for text, out in spoken]
        slot = Slot(self._imported.shared_list(part.position, tag.name, values), tag.name)
        if len(spoken) == len(pairs):
            return slot
        if tag.value is not None:
            self._imported.note(part.position, f"'{tag.name}' is filled only where its words are said")
        return Choice((slot,), optional=True)

    def _value(self, spoken: str, out: Any, part: Part) -> Value:
        """A list value whose output has been passed through the part's converters."""
        meaning = self._converted(out, part)
        return Value(template(Text(spoken)), None if meaning == spoken else meaning)

    def _converted(self, value: Any, part: Part) -> Any:
        for name in part.converters:
            if name not in NUMBERS and name not in CASES:
                self._imported.note(part.position, f"the converter !{name} was dropped")
        try:
            return converted(value, part.converters)
        except ValueError:
            self._imported.note(part.position, f"'{value}' is no number, so it was not converted")
            return value

    # Expansion of a part to all its phrases with their values

    def _variants(self, part: Part) -> list[Phrase]:
        if part.tag is not None:
            raise part.position.error("a tag inside of a tag", "move one of them")
        if part.kind == "word":
            found: list[Phrase] = [(part.text, part.text)]
        elif part.kind == "slot":
            found = self._values(part)
        elif part.kind == "rule":
            body = _parse(self._rule_line(part))
            found = self._nested(part, lambda: self._variants(body))
        elif part.kind == "range":
            raise part.position.error("a tag around a range and words", "tag the range alone")
        elif part.kind == "choice":
            found = [pair for item in part.items for pair in self._variants(item)]
        elif part.kind == "optional":
            found = [*self._variants(part.items[0]), ("", "")]
        else:
            found = joined([self._variants(item) for item in part.items], part.position)
        if len(found) > MAX_VARIANTS:
            raise too_many_variants(part.position)
        if part.output is not None:
            found = [(spoken, part.output) for spoken, _ in found]
        return [(spoken, self._converted(out, part)) for spoken, out in found] if part.converters else found

    def _values(self, part: Part) -> list[Phrase]:
        """The values of a slot list.

        Raises:
            GrammarError: there is no file for the list, or the list is empty.
        """
        name = part.text
        if name not in self._slot_values:
            path = self._file_beside(part, _FOLDERS)
            if path is None and name in _BUILT_IN:
                return [(word, word) for word in _BUILT_IN[name]]
            if path is None:
                wanted = f"slots/{name.partition(',')[0]}"
                raise part.position.error(f"there is no file {wanted} beside it", "copy the file there")
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
            raise part.position.error(f"the slot list ${name} is empty", "write its values into the file")
        return self._slot_values[name]

    def _file_beside(self, part: Part, folders: Sequence[str]) -> Path | None:
        """The file of a slot list or program in the first of the folders that has it."""
        name = part.text.partition(",")[0]
        outside = Path(name).is_absolute() or ".." in Path(name).parts
        paths = () if outside else (self._folder / folder / name for folder in folders)
        return next((path for path in paths if path.is_file()), None)


def _parse(line: Line) -> Part:
    return parse_ini_template(Scanner(line.text, line.position_at))
