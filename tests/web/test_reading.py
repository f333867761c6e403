"""Pure parts of the dashboard: what is typed is read or refused, the time line is to scale, languages, and ways on from what is waited for."""

import itertools
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import FormData

from db.models import Incident, Obligation
from web.forms import Field, Kind, Mistyped, read
from web.languages import SPOKEN, chosen
from web.table import ROUTES
from web.time_line import LETTER, ROWS, WIDTH, time_line
from web.visit import Visit, within
from web.ways_on import way_on

KINDS: dict[Kind, type | tuple[type, ...]] = {
    "line": str,
    "text": str,
    "choice": str,
    "many": list,
    "moment": (datetime, type(None)),
    "number": (int, type(None)),
    "tick": bool,
}
ODD = st.sampled_from(
    ["2026-11-20T10:00", "9" * 30, "²", "-1", "1e3", "a", "\x00", "0001-01-01T00:00+14:00", "yes", " "]
)
TYPED = st.text(max_size=30) | ODD
BEGIN = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@given(kind=st.sampled_from(sorted(KINDS)), typed=TYPED, zone=TYPED | st.just("UTC"), required=st.booleans())
def test_whatever_is_typed_is_read_as_its_kind_or_refused(kind: Kind, typed: str, zone: str, required: bool) -> None:
    one = Field("x", "X", kind, required=required, longest=20)
    visit = Visit(cast("Any", SimpleNamespace(cookies={})), cast("Any", None))
    visit.typed, visit.zone = FormData([("x", typed), ("x_zone", zone)]), "UTC"
    try:
        found = read((one,), visit, {"x": {"a": "A"}})["x"]
    except Mistyped as refused:
        assert set(refused.wrong) == {"x"}
        assert all(refused.wrong.values())
        return
    assert isinstance(found, KINDS[kind])
    assert not isinstance(found, datetime) or found.utcoffset() == timedelta(0)
    assert not isinstance(found, str) or "\x00" not in found


@given(path=st.text(max_size=30) | st.sampled_from(["//x", "/\\x", "/\t/x", "https://x", "/ok?a=b"]))
def test_a_way_back_stays_in_the_house(path: str) -> None:
    found = within(path)
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
    assert found.isprintable() or all(ord(letter) > 32 for letter in found)


@given(wanted=st.text(max_size=8), accepted=st.text(max_size=60) | st.sampled_from(["fr-CA,en;q=0.8", "*", ",,;q"]))
def test_the_language_is_always_one_that_is_spoken(wanted: str, accepted: str) -> None:
    assert chosen(wanted, accepted) in SPOKEN


@pytest.mark.parametrize(
    ("wanted", "accepted", "spoken"), [("fr", "en", "fr"), ("xx", "fr-CA,en", "fr"), ("", "de", "en")]
)
def test_a_choice_comes_before_what_the_browser_accepts(wanted: str, accepted: str, spoken: str) -> None:
    assert chosen(wanted, accepted) == spoken


@given(hours=st.lists(st.integers(0, 2000), max_size=12), now=st.integers(0, 2000))
def test_the_time_line_keeps_the_order_and_the_scale_and_labels_stay_apart(hours: list[int], now: int) -> None:
    duties = [
        Obligation(state="open", duty=f"uk-gdpr-{place}", due_at=BEGIN + timedelta(hours=hour))
        for place, hour in enumerate(hours)
    ]
    line = time_line(Incident(declared_at=BEGIN), {}, duties, [], BEGIN + timedelta(hours=now))
    assert line is not None
    assert all(0 <= one.x <= WIDTH for one in line.marks)
    for one, two in itertools.pairwise(sorted(line.marks, key=lambda mark: mark.at)):
        assert one.x <= two.x
    for row in range(ROWS - 1):  # the last row takes what has room nowhere
        spans = sorted(_span(one.x, one.words, one.end) for one in line.marks if one.row == row)
        assert all(left[1] <= right[0] + 0.1 for left, right in itertools.pairwise(spans))


def _span(x: float, words: str, end: bool) -> tuple[float, float]:
    long = LETTER * len(words) + 14
    return (x - long, x) if end else (x, x + long)


@pytest.mark.parametrize(
    "command",
    [
        "take FW-1", "second FW-1 2", "approve FW-1 report 2", "approve FW-1 wave 2", "report file FW-1 2", "launch FW-1 2",
        "task verify FW-1 2", "task script FW-1 2", "task done FW-1 2", "decide FW-1 risk unlikely|risk|high", "people balance FW-1",
    ],
)  # fmt: skip
def test_everything_that_is_waited_for_leads_to_a_page_that_there_is(command: str) -> None:
    path = way_on(f"forthwith {command}").split("?")[0]
    shape = path.replace("FW-1", "{reference}").replace("/2", "/{number:int}")
    assert shape in {route.path for route in ROUTES if route.method == "GET"}, path
