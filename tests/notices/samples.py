"""The invented people and incidents that notices are tried on, and ways to look into what came out."""

import io
import re
from html.parser import HTMLParser
from typing import Any

from pypdf import PdfReader

from notices.compose import compose, template_names
from notices.notice import Notice
from notices.shelf import shelf

ADDRESS = ("Ms S Sample", "2 Example Road", "Sampletown", "ZZ99 9ZZ")
CASES = [(template, sample) for template in template_names() for sample in shelf().samples(template)]


def data_of(template: str, sample: str | None = None) -> dict[str, Any]:
    """A sample's data, free to be changed."""
    samples = shelf().samples(template)
    data: dict[str, Any] = samples[sample or next(iter(samples))]
    return data


def notice_of(template: str, sample: str | None = None, **changes: Any) -> Notice:
    """A sample's notice; `incident={…}` and `person={…}` change single fields."""
    data = data_of(template, sample)
    for name, change in changes.items():
        data[name] = {**data[name], **change} if isinstance(change, dict) else change
    return compose(template, data)


def one_line(text: str) -> str:
    """The text with its layout taken out."""
    return re.sub(r"\s+", " ", text).strip()


def pdf_text(pdf: bytes) -> str:
    """What a reader of the PDF can select, page by page."""
    return "\n\f\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages) + "\n"


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def html_text(html: str) -> str:
    """The words of a page, on one line."""
    page = _Words()
    page.feed(html)
    return one_line(" ".join(page.words))


def html_tags(html: str) -> list[str]:
    """The tags of a page, in order."""
    page = _Words()
    page.feed(html)
    return page.tags
