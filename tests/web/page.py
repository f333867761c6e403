"""A page of the dashboard as a browser without script takes it in: its forms, its links, its words, and what may not be there."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class PageForm:
    """A form: where it goes, and what it would send if nobody typed anything."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)


@dataclass
class Element:
    """One element with what it says about itself."""

    name: str
    told: dict[str, str]


class Page(HTMLParser):
    """One page, taken apart."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.elements: list[Element] = []
        self.wrong: dict[str, str] = {}
        self.refusal = ""
        self.anchors: list[tuple[str, str]] = []
        self._words: list[str] = []
        self._open: list[Element] = []
        self._choosing = ""
        self.source = text
        self.feed(text)

    @property
    def words(self) -> str:
        """Everything that can be read, in one line."""
        return " ".join(" ".join(self._words).split())

    @property
    def links(self) -> list[str]:
        """Where its links lead, and what it loads."""
        return [told for one in self.elements for name in ("href", "src") if (told := one.told.get(name))]

    def form(self, ending: str) -> PageForm:
        """The one form whose address ends so."""
        [found] = [one for one in self.forms if one.action.endswith(ending)]
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        one = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(one)
        if tag == "a":
            self.anchors.append((one.told.get("href", ""), ""))
        if tag not in VOID:
            self._open.append(one)
        self._form(one)

    def _form(self, one: Element) -> None:
        told, name = one.told, one.told.get("name", "")
        if one.name == "form":
            self.forms.append(PageForm(told.get("action", ""), told.get("method", "get")))
        if not self.forms or (not name and one.name != "option"):
            return
        form = self.forms[-1]
        if "required" in told:
            form.required.add(name)
        if one.name == "input" and (told.get("type") not in ("checkbox", "radio", "file") or "checked" in told):
            form.fields[name] = told.get("value", "yes" if "checked" in told else "")
        if one.name in ("select", "textarea"):
            form.fields[name] = ""
            self._choosing = name
        if one.name == "option" and "selected" in told and "value" in told:
            form.fields[self._choosing] = told["value"]

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place].name == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        self._words.append(data)
        if self._open and any(one.name == "a" for one in self._open):
            address, words = self.anchors[-1]
            self.anchors[-1] = (address, words + data)
        if not self._open:
            return
        here = self._open[-1]
        if here.name == "option" and "selected" in here.told and "value" not in here.told:
            self.forms[-1].fields[self._choosing] = data.strip()
        if here.name == "textarea":
            form = self.forms[-1]
            form.fields[here.told["name"]] += data
        if here.told.get("class") == "wrong":
            field_ = here.told["id"].removeprefix("f-").removesuffix("-wrong")
            self.wrong[field_] = self.wrong.get(field_, "") + data
        if any(one.told.get("class") == "refusal" for one in self._open):
            self.refusal = f"{self.refusal} {data.strip()}".strip()
