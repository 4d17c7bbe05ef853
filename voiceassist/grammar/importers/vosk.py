"""Importer for vosk grammars: a JSON list of phrases."""

from __future__ import annotations

import json
from pathlib import Path

from voiceassist.grammar.importers.ini_file import read_text
from voiceassist.grammar.importers.tree import ImportedGrammar, Text, Value, plain_name, template
from voiceassist.grammar.language.yaml_nodes import SourcePosition

_LIST = "phrase"


def read_vosk(path: Path) -> ImportedGrammar:
    """Import a phrase list as one intent, whose slot ``phrase`` holds the recognized phrase.

    Raises:
        GrammarError: the file is not a JSON list of strings.
    """
    start = SourcePosition(str(path), 1, 1)
    try:
        found = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        place = SourcePosition(str(path), getattr(error, "lineno", 1), getattr(error, "colno", 1))
        raise place.error("not valid JSON", 'choose a list such as ["go home", "[unk]"]') from error
    if not isinstance(found, list) or not all(isinstance(phrase, str) for phrase in found):
        raise start.error("this is not a list of phrases", 'choose a list such as ["go home", "[unk]"]')
    imported = ImportedGrammar()
    if "[unk]" in found:
        imported.note(start, "[unk] was dropped: what is not a command is always told apart")
    phrases = dict.fromkeys(phrase.strip() for phrase in found if phrase.strip() not in {"", "[unk]"})
    imported.add_list(start, _LIST, [Value(template(Text(phrase))) for phrase in phrases])
    if not imported.lists[_LIST]:
        raise start.error("there are no phrases", 'choose a list such as ["go home", "[unk]"]')
    imported.add_sentence(
        start, "".join(word.capitalize() for word in plain_name(path.stem).split("_")), f"{{{_LIST}}}"
    )
    return imported
