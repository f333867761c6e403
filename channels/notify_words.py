"""Writes a message so that GOV.UK Notify, which reads it as Markdown, delivers the words that were approved.

Only lists are left to Notify, which draws them as lists. Every other sign that means something to it is escaped with a backslash, and what
its Markdown gives no way to escape is refused: a message that would arrive otherwise than it was approved does not leave.
"""

from __future__ import annotations

import re
from html import unescape

from channels.outcome import Refused

_BULLET = re.compile(r"- +(?=\S)")
_STARTS = re.compile(r"(?=[#*+\-_~`>])")  # a heading, a list, a rule or a fence of code, at the beginning of a line
_NUMBER = re.compile(r"(\d+)\.")  # Notify would count such lines anew, whatever number stands there
_INLINE = re.compile(r"([\\`\[\]|])")
# Nothing escapes these: a quotation, a bullet of Notify's own, an underline, what stands in angle brackets, separators that are removed, and, in
# an address of the web, whatever would need a backslash. A dash at either end of a line would be drawn up into the line beside it.
_UNFIT = re.compile(
    r"(?m)^\s*(?:- +)?[\^•]|^\s*=[=-]*\s*$|<(?! )|[\u2028\u2029]|https?://\S*[\\`\[\]|]"
    r"|^\s*(?!- +\S)[-–—]{1,3}(?=\s|$)|\s[-–—]{1,3}[ \t]*$"
)
_SPACES = re.compile(r"[ \t]+")


def as_markdown(text: str) -> str:
    """The text as Notify must be given it. Refused if it holds a sign that would be taken for something else."""
    if _UNFIT.search(text) or unescape(text) != text:  # Notify resolves character references such as &lt;
        raise Refused("the text holds a sign that GOV.UK Notify would take for markup")
    lines: list[str] = []
    for line in text.strip().splitlines():
        words = _SPACES.sub(" ", line.strip())
        item = bool(_BULLET.match(words))
        if lines and lines[-1] and words and item is not lines[-1].startswith("* "):
            lines.append("")  # a list begins and ends at an empty line only
        lines.append(_item(words) if item else _line(words))
    return "\n".join(lines)


def _item(words: str) -> str:
    return f"* {_line(_BULLET.sub('', words, count=1))}"


def _line(words: str) -> str:
    inline = _INLINE.sub(r"\\\1", words)
    if _NUMBER.match(inline):
        return _NUMBER.sub(r"\1\\.", inline, count=1)
    return f"\\{inline}" if _STARTS.match(inline) and not inline.startswith("\\") else inline
