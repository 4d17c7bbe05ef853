"""JSGF: Public rules become intents, the rest expansion rules; a tag is a value of the slot named like its rule."""

from __future__ import annotations

import re
from bisect import bisect_right
from pathlib import Path

from voiceassist.errors import GrammarError
from voiceassist.grammar.importers.phrases import PhraseParser, PhraseSyntax
from voiceassist.grammar.importers.scan import read_text
from voiceassist.grammar.importers.tree import ImportedGrammar, Node, Rule, Slot, Text, Value, template, words_of
from voiceassist.grammar.language.yaml_nodes import SourcePosition

_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_STATEMENT = re.compile(r"\s*((?:\"[^\"]*\"|\{(?:\\.|[^{}\\])*\}|[^;\"{}])*);")
_RULE = re.compile(r"(public\s+)?<([^<>\s]+)>\s*=\s*(.*)", re.DOTALL)
_HEADER = re.compile(r"#JSGF|grammar\s|import\s")


def read_jsgf(path: Path) -> ImportedGrammar:
    """Import a grammar in the Java Speech Grammar Format.

    Raises:
        GrammarError: the file cannot be read, or has no rules.
    """
    return _JsgfReader(path).read()


class _JsgfReader:
    def __init__(self, path: Path) -> None:
        self._path = path
        # Comments are replaced by blanks to preserve the positions.
        self._text = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), read_text(path))
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", self._text))]
        self._imported = ImportedGrammar()
        self._rules: dict[str, tuple[bool, str, int]] = {}
        self._done: set[str] = set()
        self._inside: list[str] = []

    def read(self) -> ImportedGrammar:
        at = 0
        while statement := _STATEMENT.match(self._text, at):
            text, begin = statement[1], statement.start(1)
            if rule := _RULE.fullmatch(text.rstrip()):
                self._rules[rule[2]] = (bool(rule[1]), rule[3], begin + rule.start(3))
            elif text.strip().startswith("import"):
                self._imported.note(self._place(begin), "rules of other files are not imported")
            elif not _HEADER.match(text.strip()):
                self._imported.note(self._place(begin), "this is not a rule and was left out")
            at = statement.end()
        if rest := self._text[at:].strip():
            self._imported.note(self._place(self._text.index(rest, at)), "this has no ';' at its end and was left out")
        if not self._rules:
            raise self._place(0).error(
                "there are no rules", "choose a JSGF file with lines like 'public <go> = go home;'"
            )
        no_public = not any(public for public, _, _ in self._rules.values())
        for name, (public, _, begin) in self._rules.items():
            if public or no_public:
                node = self._body(name)
                if node is not None:
                    self._imported.add_sentence(self._place(begin), name, template(node))
        return self._imported

    def _body(self, name: str) -> Node | None:
        """Parse the body of a rule; on a syntax error, add a note and return ``None``."""
        _, text, begin = self._rules[name]
        syntax = PhraseSyntax(self._rule, tag=lambda node, tag, place: self._tagged(name, node, tag, place))
        self._inside.append(name)
        try:
            return PhraseParser(self._imported, syntax).parse(text, lambda offset: self._place(begin + offset))
        except GrammarError as error:
            self._imported.note(self._place(begin), f"the rule <{name}> was left out: {error.message}")
            return None
        finally:
            self._inside.pop()

    def _rule(self, name: str, place: SourcePosition) -> Node:
        if name == "NULL":
            return Text("")
        short = name.rpartition(".")[2]
        if short not in self._rules or name == "VOID":
            raise place.error(f"there is no rule <{name}>", "add it to the file")
        if short in self._inside:
            raise place.error(f"the rule <{name}> contains itself", "write its repetition out")
        if short not in self._done:
            self._done.add(short)
            node = self._body(short)
            self._imported.add_rule(place, short, template(node) if node is not None else "")
        if short not in self._imported.rules:
            raise place.error(f"the rule <{name}> was left out", "correct it first")
        return Rule(short)

    def _tagged(self, rule: str, node: Node, tag: str, place: SourcePosition) -> Node:
        said = words_of(node)
        if said is None or not all(said):
            self._imported.note(place, f"the tag {{{tag}}} was dropped: only words can be the value of a slot")
            return node
        values = [Value(template(Text(words)), None if words == tag else tag) for words in said]
        name = self._imported.free_name(
            rule, lambda name: name in self._imported.lists and self._imported.lists[name] != values
        )
        self._imported.add_list(place, name, values)
        return Slot(name, rule)

    def _place(self, offset: int) -> SourcePosition:
        line = bisect_right(self._line_starts, offset)
        return SourcePosition(str(self._path), line, offset - self._line_starts[line - 1] + 1)
