"""Reads a form that is written down as YAML: `notices/forms/*.yaml`, one file for each form."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from notices.forms.derived import ASKED, DERIVED, wants
from notices.forms.form import PORTAL, Answer, Form, Question, Section
from notices.forms.known import Known

FOLDER = Path(__file__).resolve().parent
WANTS = "wants:"
YES_NO = ("yes", "no")
PLAIN = ("label", "kind", "help", "cite", "stand_in", "required", "sums_up", "most", "path")


def forms() -> Iterator[Form]:
    """Every form in the folder."""
    for path in sorted(FOLDER.glob("*.yaml")):
        yield form(yaml.safe_load(path.read_text(encoding="utf-8")))


def form(told: Mapping[str, Any]) -> Form:
    """One form; a key that means nothing is refused by the form's own shape."""
    head = {name: value for name, value in told.items() if name not in ("form", "sections", "before")}
    return Form(
        key=told["form"],
        before=tuple(told.get("before", ())),
        sections=tuple(_section(section) for section in _parts(told["sections"])),
        **head,
    )


def _parts(sections: Any) -> Any:
    """The sections themselves, or those that several forms share, by the name of their file in `parts/`."""
    if not isinstance(sections, str):
        return sections
    parts = yaml.safe_load((FOLDER / "parts" / f"{sections}.yaml").read_text(encoding="utf-8"))
    return [part | {"shared": True} for part in parts]


def _section(told: Mapping[str, Any]) -> Section:
    asked, shared = told.get("asked_by", ""), told.get("shared", False)
    return Section(title=told["title"], questions=tuple(_question(one, asked, shared) for one in told["fields"]))


def _question(told: Mapping[str, Any], section_asked: str, shared: bool) -> Question:
    options = tuple(told.get("options", YES_NO if told.get("kind") == "yes_no" else ()))
    return Question(
        key=told["key"],
        code=told.get("n", ""),
        options=options,
        from_fact=told.get("fact", ""),
        needs=tuple(told.get("needs", ())),
        derived=_derived(told, options),
        required_by=told.get("law", PORTAL),
        asked_if=_asked(section_asked, told.get("asked_by", "")),
        asked_when={key: tuple(wanted) for key, wanted in told.get("when", {}).items()},
        not_when={key: tuple(unwanted) for key, unwanted in told.get("not_when", {}).items()},
        follows_law=shared,
        **{name: told[name] for name in PLAIN if name in told},
    )


def _derived(told: Mapping[str, Any], options: tuple[str, ...]) -> Callable[[Known], Answer] | None:
    if "by" not in told:
        return None
    name = told.get("fact") or next(iter(told.get("needs", ())), "")
    return partial(DERIVED[told["by"]], name=name, options=options)


def _asked(*names: str) -> Callable[[Known], bool] | None:
    rules = [wants(name.removeprefix(WANTS)) if name.startswith(WANTS) else ASKED[name] for name in names if name]
    return (lambda known: all(rule(known) for rule in rules)) if rules else None
