"""Gathers what the pages say and brings every catalogue up to date: `python -m web.catalogue`, or `make catalogue`.

Nothing in Python is marked for it. Forms and roles are data, and are asked for their words; sentences are found in the source: what
ends with a full stop in this room and in refusals, and every phrase of the questions whose answers are shown as they stand.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as BabelMessage
from babel.messages.pofile import read_po, write_po

from actions.moments import HOW
from db.queries.tracks import STAGES
from db.types import Table
from rulebook.codes import words
from web.forms import HOW_MOMENT, Field
from web.languages import SPOKEN, WRITTEN, held
from web.pages import war_room
from web.paper import PAGES, shelf
from web.roles import MAY
from web.speech import GAP
from web.table import FORMS
from web.time_line import DECLARED

ROOT = Path(__file__).resolve().parent.parent
ALONE = ("yes", "no", "filing")
"""Words that stand alone in Python."""
SENTENCES = ("web", "actions")
PHRASES = (
    "db/queries/absences.py",
    "db/queries/waiting.py",
    "db/queries/blockers.py",
    "db/queries/mine.py",
    "db/queries/board.py",
    "web/time_line.py",
    "actions/filing_policy.py",
)

SILENT = (
    "catalogue",
    "word_alert",
    "keep_book",
    "pack",
    "found",
    "exercise",
    "lease",
    "house_act",
    "live",
    "guard",
)
"""Modules that say nothing on a page: what they say is for the command line, a flow or a mail."""
CODES = ("nature", "kinds", "data", "events", "recipients", "speeds", "marks")
NAMES = {"title", "why", "what", "did", "how"}
"""Variables and arguments whose text is shown on a page as it stands."""
OF_STATES = re.compile(r"^(\w+) IN \((.+)\)$")
COMMAND = re.compile(r"forthwith |(approve|launch|decide|task \w+|wave release) \{\d\}|\{0\} \{1\}")
GENDERED = ("decisions", "notices", "obligations", "reports", "tasks", "waves")
"""Tables whose states are spelt by what they are said of: "approved" of a wave, and of a report."""
_LETTERS = re.compile(r"[A-Za-z]{2}")

Message = tuple[str, ...]
"""One message: alone, or with its plural."""


def gathered() -> Catalog:
    """Every message of the pages as they are now."""
    found = Catalog(project="Forthwith", charset="utf-8")
    for message in _of_templates():
        found.add(message[:2] if len(message) > 1 else message[0])
    for text in {*_of_data(), *_of_codes(), *_of_python()}:
        if text.strip():
            found.add(text)
    for table, column, code in _known():
        if column == "state" and table in GENDERED:
            found.add(code, context=table)
    found.add("{0}: {1}")
    return found


def _of_templates() -> Iterator[Message]:
    for path in sorted(PAGES.glob("*.html")):
        for _, _, message in shelf().extract_translations(path.read_text("utf-8")):  # type: ignore[attr-defined]  # the extension gives it at run time
            texts = tuple(
                one for one in ((message,) if isinstance(message, str) else message or ()) if isinstance(one, str)
            )
            if texts:
                yield texts


def _of_data() -> Iterator[str]:
    for form in FORMS:
        yield from (form.title, form.says)
    for field in {
        id(field): field for field in (*_fields(), *(field for form in FORMS for field in form.fields))
    }.values():
        yield from _of_field(field)
    yield from (*MAY, *MAY.values(), *war_room.STATES.values(), *STAGES, *ALONE, DECLARED, HOW, HOW_MOMENT)


def _fields() -> Iterator[Field]:
    """The fields of pages whose forms stand alone."""
    for name, module in sys.modules.items():
        if name.startswith("web.pages."):
            for value in vars(module).values():
                if isinstance(value, tuple):
                    yield from (one for one in value if isinstance(one, Field))


def _of_field(field: Field) -> Iterator[str]:
    yield from (field.label, field.hint)
    if isinstance(field.choices, Mapping):
        for words_ in field.choices.values():
            yield from [words_] if " – " in words_ else words_.split(": ", 1)


def _of_codes() -> Iterator[str]:
    for name in CODES:
        yield from map(_plain, words()[name])
    yield from (code for _, _, code in _known())


def _known() -> Iterator[tuple[str, str, str]]:
    """Every word that a column may hold, with its table and column."""
    for table in Table.metadata.sorted_tables:
        for rule in table.constraints:
            asked = OF_STATES.match(str(getattr(rule, "sqltext", "")))
            if asked:
                yield from ((table.name, asked[1], _plain(code)) for code in re.findall(r"'(\w+)'", asked[2]))


def _plain(code: str) -> str:
    return code.replace("_", " ")


def _of_python() -> Iterator[str]:
    for place in (*SENTENCES, *PHRASES):
        for path in sorted((ROOT / place).rglob("*.py")) if (ROOT / place).is_dir() else [ROOT / place]:
            if path.stem not in SILENT:
                yield from _of_module(ast.parse(path.read_text("utf-8")), whole=place in PHRASES)


def _of_module(tree: ast.Module, whole: bool) -> Iterator[str]:
    shown = set(map(id, _shown(tree)))
    for node in _texts(tree):
        for line in _sentence(node).split("\n"):
            text = line.lstrip(" -")
            spoken = whole or id(node) in shown or text.endswith((".", "?", ":"))
            if " " in text and spoken and not COMMAND.match(text) and _LETTERS.search(GAP.sub("", text)):
                yield text


def _texts(tree: ast.AST) -> Iterator[ast.expr]:
    """Every text of a module, f-strings whole; no docstrings."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            yield node
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            yield from _texts(node)


def _shown(tree: ast.Module) -> Iterator[ast.expr]:
    """What is given a name, or handed to a function, that says that it is shown."""
    for node in ast.walk(tree):
        for one in _given(node):
            yield from _texts(ast.Expression(one))


def _given(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.keyword) and node.arg in NAMES:
        return [node.value]
    if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id in NAMES for to in node.targets):
        return [node.value]
    said = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"
    return node.args if isinstance(node, ast.Call) and said else []


def _sentence(node: ast.expr) -> str:
    """The text with numbered gaps where values stand."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    text = "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in parts)
    first, *rest = text.split("{}")
    return first + "".join(f"{{{number}}}{part}" for number, part in enumerate(rest))


def renewed(language: str) -> Catalog:
    """The catalogue of a language with what the pages say now: new messages empty, those that are gone left out."""
    found = read_po(BytesIO(held(language)), locale=language)
    found.update(gathered(), no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
    found.obsolete.clear()
    return found


def write(languages: Iterable[str]) -> int:
    """Bring their catalogues up to date, what their translators wrote above the messages as it stands; how many messages wait."""
    waiting = 0
    for language in languages:
        head, catalogue, page = held(language).split(b"\n\n", 1)[0], renewed(language), BytesIO()
        write_po(page, catalogue, width=0, sort_output=True, omit_header=True)
        (ROOT / "web" / "catalogues" / f"{language}.po").write_bytes(head + b"\n\n" + page.getvalue().strip() + b"\n")
        waiting += len(untranslated(catalogue))
    return waiting


def untranslated(catalogue: Catalog) -> list[str]:
    """What has no words in that language yet, or only some of its plural forms."""
    return [str(one.id) for one in catalogue if one.id and not all(forms(one))]


def forms(message: BabelMessage) -> list[str]:
    """The words of a message: one, or one for each number."""
    said = message.string
    return [said] if isinstance(said, str) else [str(one or "") for one in said or ("",)]


if __name__ == "__main__":
    waiting = write(set(SPOKEN) - {WRITTEN})
    raise SystemExit(f"{waiting} messages wait for a translator in web/catalogues/" if waiting else 0)
