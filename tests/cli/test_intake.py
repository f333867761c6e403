"""What employees said, on the command line: listed without its words, shown with them, and settled."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from actions.desk import Desk
from settings.model import Settings
from tests.builders import an_incident
from tests.cli.call import call
from tests.conftest import Time
from tests.intakes import LOST, kept, told

REF = "IN-2026-0001"


@pytest.fixture
def there(home: Path) -> Iterator[Desk]:
    with Desk(Settings(), "manager@example.org") as made:
        yield made


def done(*arguments: str) -> dict[str, Any]:
    ended = call(*arguments, "--json")
    assert ended.code == 0, ended.err
    answer: dict[str, Any] = json.loads(ended.out)
    return answer


def refused(says: str, *arguments: str) -> None:
    ended = call(*arguments)
    assert (ended.code, ended.out) == (2, ""), ended
    assert says in ended.err, ended.err


def test_those_that_wait_are_listed_by_their_wait_and_without_their_words(there: Desk, time: Time) -> None:
    assert "Nothing waits" in call("intake", "list").out
    told(there, teller="Noname Sample")
    time.move(days=2, hours=1)
    told(there, "Another thing")
    [first, second] = done("intake", "list")["intakes"]
    assert (first["intake"], first["waited"], second["intake"]) == (REF, "2 d 1 h", "IN-2026-0002")
    page = call("intake", "list").out
    assert "2 d 1 h" in page and "Zyxwvut" not in page and "Noname" not in page + json.dumps(first)


def test_one_is_shown_with_its_words_who_said_it_and_what_looks_alike(there: Desk, time: Time) -> None:
    an_incident(there, "Stick with interview recordings left on the tram")
    told(there, f"{LOST}\x1b[2J", teller="Noname Sample", reach="desk 4")
    page = call("intake", "show", REF.lower()).out
    assert all(words in page for words in ("Zyxwvut", "Noname Sample", "desk 4", "It looks like", "FW-2026-0001"))
    assert "\x1b" not in page
    assert [one["reference"] for one in done("intake", "show", REF)["alike"]] == ["FW-2026-0001"]
    refused("forthwith intake list", "intake", "show", "IN-2026-0009")


def test_promoted_it_is_an_incident_that_waited_so_long(there: Desk, time: Time) -> None:
    told(there)
    time.move(days=10)
    refused("needs a title", "intake", "promote", REF)
    answer = done("intake", "promote", REF, "--title", "A stick was lost", "--fact", "people.GB=3")
    assert answer["incident"] == "FW-2026-0001"
    assert answer["done"] == f"{REF} is FW-2026-0001 now: A stick was lost. It waited 10 d."
    assert kept(there).state == "promoted"
    refused("settled already by manager@example.org (promoted)", "intake", "dismiss", REF, "--reasons", "x")


def test_awareness_can_be_said_and_never_before_it_was_noticed(there: Desk, time: Time) -> None:
    told(there)
    refused("before detected", "intake", "promote", REF, "--title", "x", "--aware", "2026-11-20T08:00+00:00")
    refused("no offset", "intake", "promote", REF, "--title", "x", "--aware", "2026-11-20T09:00")
    done("intake", "promote", REF, "--title", "x", "--aware", "2026-11-20T09:00+00:00", "--restricted")


def test_joined_dismissed_and_looked_at_again(there: Desk, time: Time) -> None:
    told(there)
    refused("why", "intake", "dismiss", REF)
    assert done("intake", "dismiss", REF, "--reasons", "It was found")["state"] == "dismissed"
    assert done("intake", "list")["intakes"] == []
    assert "It was found" in call("intake", "list", "--all").out
    assert done("intake", "look-again", REF, "--reasons", "The bag was open")["state"] == "new"
    made = an_incident(there)
    assert done("intake", "join", REF, made.reference)["incident"] == made.reference
    assert kept(there).incident_id == made.id
