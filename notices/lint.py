"""What a notice or a report must not hold: links, strangers' addresses, hidden characters, telling words, names."""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from notices.filled import Report
from notices.notice import Notice
from notices.shelf import shelf
from notices.wording import UNSEEN, clean

_LINK = re.compile(
    r"\b(https?|ftp|mailto|tel|sms|cid|javascript|file):\S|\bwww\.|\burl\(|\bhref\s*=|\bsrc\s*=", re.IGNORECASE
)
# A label, a dot of any script, and two letters or more: what a mail program may turn into something to click on.
_DOMAIN = re.compile(r"[\w-]+[.\u3002\uff0e\uff61](?=[^\W\d_]{2})[\w-]+")
_TAGS = frozenset(["html", "head", "meta", "title", "body", "main", "h2", "p", "ul", "li", "dl", "dt", "dd"])
_ATTRIBUTES = frozenset(["lang", "charset", "name", "content", "style"])
_LONGEST_SUBJECT = 120


def lint(notice: Notice, must_not_mention: Iterable[str] = ()) -> list[str]:
    """What is wrong with this notice, each as a sentence that repeats nobody's data; an empty list when it may go.

    `must_not_mention`: names that this reader must not find here, such as the victims' in a notice to the accused.
    """
    texts = _texts(notice)
    found = [*_subject(notice), *_html(notice), *_telling(notice)]
    for shape, text in texts.items():
        found += [f"{shape}: {says}" for says in _text(text, notice.email)]
        if any(_mentions(text, name) for name in must_not_mention):
            found.append(f"{shape}: mentions someone whom this reader must not read about")
        if not text.strip():
            found.append(f"{shape}: says nothing")
    return found


def lint_text(text: str) -> list[str]:
    """What is wrong with one text by itself, such as a name that is put into notices whose other words were looked at."""
    return list(_text(text, ""))


def _texts(notice: Notice) -> dict[str, str]:
    """Each shape as plain text, the subject with those that are read."""
    offered = {"message": notice.text, "call": notice.call_script}
    texts: dict[str, str] = {shape: text for shape, text in offered.items() if shape in notice.shapes}
    if "letter" in notice.shapes:
        texts["letter"] = "\n".join(block.words for block in notice.in_shape("letter"))
    return {"subject": notice.subject} | texts


def _text(text: str, email: str) -> Iterator[str]:
    if UNSEEN.search(text.replace("\n", "")):
        yield "holds a control character or one that cannot be seen"
    if _LINK.search(text):
        yield "holds a link"
    without = text.replace(email, "")
    if "@" in without or _DOMAIN.search(without):
        yield "holds something that looks like a web or e-mail address other than the contact's own"


def _subject(notice: Notice) -> Iterator[str]:
    if len(notice.subject) > _LONGEST_SUBJECT:
        yield f"subject: is longer than {_LONGEST_SUBJECT} characters"
    if not notice.discreet:
        return
    stems = shelf().telling(notice.language)
    if _starts_a_word(notice.subject, stems["subject"] + stems["anywhere"]):
        yield "subject: tells what the message is about; someone else may see it"
    if notice.organisation.casefold() in notice.subject.casefold():
        yield "subject: names the sender; someone else may see it"


def _telling(notice: Notice) -> Iterator[str]:
    """In a discreet notice, whatever can be read at home: the spoken script is not."""
    stems = shelf().telling(notice.language)["anywhere"] if notice.discreet else []
    for shape, text in _texts(notice).items():
        if shape in ("message", "letter") and _starts_a_word(text.replace(notice.organisation, ""), stems):
            yield f"{shape}: holds a word that tells others in the house what this is about; say it more quietly"


def _starts_a_word(text: str, stems: list[str]) -> bool:
    return bool(stems) and re.search(rf"\b({'|'.join(map(re.escape, stems))})", text, re.IGNORECASE) is not None


def _mentions(text: str, name: str) -> bool:
    wanted = clean(name).casefold()
    return bool(wanted) and re.search(rf"\b{re.escape(wanted)}\b", clean(text).casefold()) is not None


class _Page(HTMLParser):
    """Finds every tag and attribute that the house's own page does not use."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self.found.add(f"has a <{tag}> tag" if tag.isascii() and tag.isalnum() else "has an unknown tag")
        for name, value in attrs:
            if name not in _ATTRIBUTES or _LINK.search(value or "") or "@import" in (value or ""):
                self.found.add(f"has a <{tag}> with an attribute that is not for messages")


def _html(notice: Notice) -> Iterator[str]:
    page = _Page()
    page.feed(notice.html)
    page.close()
    yield from (f"html: {says}" for says in sorted(page.found))


def lint_report(report: Report, must_not_mention: Iterable[str]) -> list[str]:
    """The answers of a report that name someone whom no report may name: affected people are never named in one."""
    names = list(must_not_mention)
    return [
        f"{field.key}: names an affected person; say it without the name"
        for field in report.fields
        if any(_mentions(f"{field.value} {field.note}", name) for name in names)
    ]
