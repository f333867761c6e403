"""How the end of an exercise is shown: law, Forthwith and the real case side by side."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text


def chronology(rows: Iterable[dict[str, Any]]) -> RenderableType:
    """The table; words say what colours only repeat."""
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", expand=False)
    for head in ("", "the law", "Forthwith", "what really happened"):
        grid.add_column(head, overflow="fold")
    for row in rows:
        grid.add_row(Text(row["what"], "bold"), _law(row), _forthwith(row), _really(row))
    return grid


def _law(row: dict[str, Any]) -> Text:
    by = f"by {_moment(row['law'])}\n" if row["law"] and row["law_says"] != "without delay" else ""
    own = f"\nown target: {_moment(row['own_target'])}" if row["own_target"] else ""
    return Text(f"{by}{row['law_says']}{own}", "" if by else "dim")


def _forthwith(row: dict[str, Any]) -> Text:
    if not row["forthwith"]:
        return Text("")
    words = {True: "\nin time", False: "\nLATE", None: ""}[
        row["forthwith_in_time"] if row["law_says"] != "without delay" else None
    ]
    return Text(f"{_moment(row['forthwith'])}{words}", "green" if "in time" in words else "red" if words else "")


def _really(row: dict[str, Any]) -> Text:
    if row["really_says"]:
        return Text(row["really_says"])
    if not row["really"]:
        return Text("")
    after, late = row["really_days_after_detection"], row["really_days_late"]
    told = f"{date.fromisoformat(row['really']):%d %b %Y}"
    if after:
        told += f"\n{after} days after the loss was noticed"
    if late and row["law_says"] != "without delay" and row["forthwith"]:
        told += f", {late} DAYS LATE"
    return Text(told, "red" if "LATE" in told else "")


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text):%d %b %Y %H:%M}"
