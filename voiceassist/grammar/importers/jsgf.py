"""JSGF: Public rules become intents, the rest expansion rules; a tag is a value of the slot named like its rule."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from voiceassist.errors import GrammarError
from voiceassist.grammar.importers.phrases import PhraseParser, PhraseSyntax
from voiceassist.grammar.importers.scan import read_text
from voiceassist.grammar.importers.tree import ImportedGrammar, Node, Rule, Slot, Text, Value, template, words_of
from voiceassist.grammar.language.yaml_nodes import SourcePosition

_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_STATEMENT = re.compile(r"\s*((?:\"[^\"]*\"|\{(?:\\.|[^{}\\])*\}|\\.|[^;\"{}\\])*);", re.DOTALL)
_RULE = re.compile(r"(public\s+)?<([^<>\s]+)>\s*=\s*(.*)", re.DOTALL)
_IMPORT = re.compile(r"import\s*<([^<>\s]+)\.([^<>\s.]+)>")
_HEADER = re.compile(r"#JSGF|grammar\s")
_SCRIPT = re.compile(r"""(?:this\.\$value|out(?:\.\w+)?|\$)\s*=\s*(["'])(.*)\1\s*;?""")
"""A tag that assigns a text, as grammars for Java and SRGS write it."""


def read_jsgf(path: Path) -> ImportedGrammar:
    """Import a grammar in the Java Speech Grammar Format, with the grammars beside it that it imports.

    Raises:
        GrammarError: the file cannot be read, or has no rules.
    """
    return _JsgfReader().read(path)


@dataclass(frozen=True, slots=True, eq=False)
class _JsgfRule:
    name: str
    is_public: bool
    text: str
    begin: int
    file: _JsgfFile


class _JsgfFile:
    """The rules of a file, and the names of the rules that it imports: pairs of a grammar and a rule, or ``*``."""

    def __init__(self, path: Path, imported: ImportedGrammar) -> None:
        self.path = path
        self.rules: dict[str, _JsgfRule] = {}
        self.imports: list[tuple[str, str, SourcePosition]] = []
        # Comments are replaced by blanks to preserve the positions.
        text = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), read_text(path))
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        at = 0
        while statement := _STATEMENT.match(text, at):
            content, begin = statement[1].rstrip(), statement.start(1)
            if rule := _RULE.fullmatch(content):
                self.rules[rule[2]] = _JsgfRule(rule[2], bool(rule[1]), rule[3], begin + rule.start(3), self)
            elif found := _IMPORT.fullmatch(content):
                self.imports.append((found[1], found[2], self.position(begin)))
            elif not _HEADER.match(content):
                imported.note(self.position(begin), "this is not a rule and was left out")
            at = statement.end()
        if rest := text[at:].strip():
            imported.note(self.position(text.index(rest, at)), "this has no ';' at its end and was left out")

    def position(self, offset: int) -> SourcePosition:
        line = bisect_right(self._line_starts, offset)
        return SourcePosition(str(self.path), line, offset - self._line_starts[line - 1] + 1)


class _JsgfReader:
    def __init__(self) -> None:
        self._imported = ImportedGrammar()
        self._files: dict[Path, _JsgfFile] = {}
        self._names: dict[int, str] = {}
        self._inside: list[_JsgfRule] = []

    def read(self, path: Path) -> ImportedGrammar:
        file = self._file(path)
        if not file.rules and self._imported.notes:
            raise GrammarError(
                self._imported.notes[0], hint="correct it: without it there are no rules", file=str(path)
            )
        if not file.rules:
            raise file.position(0).error(
                "there are no rules", "choose a JSGF file with lines like 'public <go> = go home;'"
            )
        public = [rule for rule in file.rules.values() if rule.is_public] or list(file.rules.values())
        for rule in public:
            node = self._body(rule)
            if node is not None:
                self._imported.add_sentence(file.position(rule.begin), rule.name, template(node))
        return self._imported

    def _file(self, path: Path) -> _JsgfFile:
        if path not in self._files:
            self._files[path] = _JsgfFile(path, self._imported)
        return self._files[path]

    def _body(self, rule: _JsgfRule) -> Node | None:
        """Parse the body of a rule; on a syntax error, add a note and return ``None``."""
        syntax = PhraseSyntax(
            lambda name, position: self._reference(name, rule.file, position),
            tag=lambda node, tag, position: self._tagged(rule.name, node, tag, position),
        )
        self._inside.append(rule)
        try:
            parser = PhraseParser(self._imported, syntax)
            return parser.parse(rule.text, lambda offset: rule.file.position(rule.begin + offset))
        except GrammarError as error:
            position = rule.file.position(rule.begin)
            self._imported.note(position, f"the rule <{rule.name}> was left out: {error.message}")
            return None
        finally:
            self._inside.pop()

    def _reference(self, name: str, file: _JsgfFile, position: SourcePosition) -> Node:
        if name == "NULL":
            return Text("")
        rule = file.rules.get(name) or next(self._imported_rules(name, file), None)
        if rule is None:
            raise position.error(f"there is no rule <{name}>", "add it to the file")
        if rule in self._inside:
            raise position.error(f"the rule <{name}> contains itself", "write its repetition out")
        if id(rule) not in self._names:
            self._names[id(rule)] = self._imported.free_name(rule.name, lambda name: name in self._names.values())
            node = self._body(rule)
            if node is not None:
                self._imported.add_rule(rule.file.position(rule.begin), self._names[id(rule)], template(node))
        if self._names[id(rule)] not in self._imported.rules:
            raise position.error(f"the rule <{name}> was left out", "correct it first")
        return Rule(self._names[id(rule)])

    def _imported_rules(self, name: str, file: _JsgfFile) -> Iterator[_JsgfRule]:
        """The public rules of other files that a name can stand for."""
        grammar, _, short = name.rpartition(".")
        imports = [(grammar, short, file.position(0)), *file.imports] if grammar else file.imports
        for package, wanted, position in imports:
            if wanted not in ("*", short) or not package.endswith(grammar):
                continue
            names = (package.rpartition(".")[2], package.replace(".", "/"))
            beside = (file.path.parent / f"{name}{suffix}" for name in names for suffix in (".jsgf", ".gram"))
            path = next((path for path in beside if path.is_file()), None)
            if path is None:
                self._imported.note(position, f"there is no file {names[0]}.jsgf or {names[0]}.gram beside this one")
            elif (rule := self._file(path).rules.get(short)) is not None and rule.is_public:
                yield rule

    def _tagged(self, rule: str, node: Node, tag: str, position: SourcePosition) -> Node:
        spoken = words_of(node)
        if spoken is None or not all(spoken):
            self._imported.note(position, f"the tag {{{tag}}} was dropped: only words can be the value of a slot")
            return node
        script = _SCRIPT.fullmatch(tag)
        meaning = script[2] if script else tag
        values = [Value(template(Text(words)), None if words == meaning else meaning) for words in spoken]
        return Slot(self._imported.shared_list(position, rule, values), rule)
