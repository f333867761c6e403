"""Sets a page in type: data in as JSON, an accessible PDF (PDF/UA-1) out, the same bytes for the same input."""

import json
import re
import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache

import typst

from notices.errors import BadTemplate, Unprintable
from notices.shelf import TEMPLATES


@cache
def fonts() -> typst.Fonts:
    """Only the fonts that the engine carries, so that a page looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


_compilers = threading.local()
_PLACE = re.compile(r"\.typ:(\d+):")


def typeset(source: str, data: Mapping[str, object], *, dated_on: date, what: str, file: str) -> bytes:
    """The PDF of a page. `what` names the notice or report in an error; what the data holds never gets into one.

    PDF/UA-1 is asked for always: it also turns a letter that no font has from a silent gap into an error.
    """
    midnight = datetime(dated_on.year, dated_on.month, dated_on.day, tzinfo=UTC)
    try:
        pdf, warnings = _compiler().compile_with_warnings(
            source.encode(),
            format="pdf",
            pdf_standards=["ua-1"],
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            timestamp=midnight,
        )
    except typst.TypstError as error:
        wrong = _explained(error.message, error.diagnostic, what, file)
    else:
        if not warnings and isinstance(pdf, bytes):
            return pdf
        # A font that is not there is only a warning to the engine, and the text in it is simply not shown.
        wrong = _explained(warnings[0].message, warnings[0].diagnostic, what, file)
    raise wrong


def _compiler() -> typst.Compiler:
    """A compiler of this thread's own: one must not be used by two threads at once. It sees no files but templates."""
    own: typst.Compiler | None = getattr(_compilers, "own", None)
    if own is None:
        own = _compilers.own = typst.Compiler(root=TEMPLATES, font_paths=fonts(), ignore_system_fonts=True)
    return own


def _explained(message: str, diagnostic: str, what: str, file: str) -> Exception:
    if "could not be displayed" in message:
        return Unprintable(what, "it holds a character that none of the fonts has; reach the person in another way")
    place = _PLACE.search(diagnostic)
    # The engine quotes values; a message that quotes nothing speaks of the template alone.
    says = message if not re.search(r'["`]|^(panicked|assertion)', message) else "the page cannot be set"
    return BadTemplate(file, file, int(place[1]) if place else 0, says)
