"""The proof of what one person was told, on paper: what, how, when, and how well each step is proved. It names nobody."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from notices.shelf import shelf
from notices.typesetting import typeset
from notices.wording import moment_twice

FILE = "reports/proof.typ"


def proof(page: Mapping[str, object], *, made_at: datetime, zone: str) -> bytes:
    """The page as a PDF (PDF/UA-1). Moments in *page* are spelt in the incident's zone and in UTC."""
    spelt = _spelt({**page, "made_at": made_at}, zone)
    return typeset(shelf().files[FILE], spelt, dated_on=made_at.date(), what="the proof for one person", file=FILE)


def _spelt(value: Any, zone: str) -> Any:
    if isinstance(value, datetime):
        return moment_twice(value, zone)
    if isinstance(value, Mapping):
        return {name: _spelt(one, zone) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_spelt(one, zone) for one in value]
    return value
