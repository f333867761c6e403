"""What GOV.UK Notify is given reads, once its Markdown is undone, as it was approved; what could not is refused."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.notify_words import as_markdown
from channels.outcome import Refused

APPROVED = sorted((Path(__file__).parents[1] / "golden" / "notices").glob("*/*/message.txt"))
SIGNS = [
    "-",
    "- x",
    "*",
    "#",
    "1.",
    "14.",
    "^",
    "=",
    "|",
    "[",
    "]",
    "a",
    "Bo",
    " ",
    "\n",
    "\n\n",
    "`",
    "~~~",
    "\\",
    "<",
    ">",
    "&lt;",
]
UNESCAPED = re.compile(r"(?m)^[#+\-_~`>]|^\d+\.|^[ \t]|(?<!\\)(?:\\\\)*[`\[\]|]")


def undone(markdown: str) -> list[str]:
    """The lines that a reader sees: lists drawn, escapes resolved."""
    lines = [re.sub(r"^\* ", "- ", line) for line in markdown.splitlines() if line]
    return [re.sub(r"\\(.)", r"\1", line) for line in lines]


def words(text: str) -> list[str]:
    lines = (" ".join(re.split(r"[ \t]+", line.strip())) for line in text.splitlines())
    return [line for line in lines if line]


@pytest.mark.parametrize("path", APPROVED, ids=lambda path: path.parent.name)
def test_each_approved_notice_can_go_and_arrives_as_it_is(path: Path) -> None:
    assert undone(as_markdown(path.read_text())) == words(path.read_text())


@given(st.lists(st.sampled_from(SIGNS), min_size=1, max_size=14).map("".join).filter(str.strip))
def test_a_text_arrives_as_it_is_or_does_not_leave(text: str) -> None:
    try:
        markdown = as_markdown(text)
    except Refused:
        return
    assert undone(markdown) == words(text)
    assert not UNESCAPED.search(markdown)
    lines = markdown.splitlines()
    assert all(one.startswith("* ") == two.startswith("* ") for one, two in pairwise(lines) if one and two)


@pytest.mark.parametrize(
    "text",
    ["^ quoted", "• mine", "Title\n=====", "<b>bold</b>", "Tom <tom@example.org>", "a &lt; b", "Yours\n-- \nSam"],
)
def test_what_cannot_be_escaped_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        as_markdown(text)
    assert text not in str(refusal.value)


@pytest.mark.parametrize(
    "start", ["# a", "## a", "* a", "+ a", "-a", "---", "___", "~~~", "> a", "`a`", "[a]", "| a |"]
)
def test_a_sign_at_the_beginning_of_a_line_is_escaped(start: str) -> None:
    try:
        assert as_markdown(f"Dear\n{start}").splitlines()[1].startswith("\\")
    except Refused:
        assert start == "---"
