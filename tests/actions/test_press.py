"""Filling in gives what composing gives, byte for byte, whatever people are called; and what is kept of it is small."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from actions.content import unseal
from actions.desk import Desk
from actions.details import Details
from actions.press import Form, Press, Printed
from actions.read_script import read_notices
from actions.safe_contact import Known, Rung, Way
from actions.words import Words
from actions.write_notice import TEMPLATES, USUAL_TEMPLATE, Written, write_notice
from db.models import Notice, NoticeSheet
from db.vault import VaultError
from notices.errors import WordsError
from notices.shelf import shelf
from settings.model import Settings
from tests.ledger import an_incident_with, customers, drafted

NAMES = st.text(min_size=1, max_size=30) | st.sampled_from(["O'Neil & <Sons>", "ẞtraße", 'Ann "A" \\ B', "Zoë  Ünal"])
TODAY = date(2026, 11, 22)


def words(template: str) -> Words:
    """What the template's own sample says, as the facts would."""
    sample: dict[str, Any] = next(iter(shelf().samples(template).values()))
    shared = {name: sample[name] for name in ("organisation", "incident")}
    return Words({**shared, "authorities": {"": sample["authority"]}, "support": [], "exercise": False}, ())


def person(name: str) -> Known:
    return Known(Details({"name": name, "email": "sam@example.org"}))


def way() -> Way:
    return Way("email", "person", "their e-mail address", Rung.EMAIL, address="sam@example.org")


@pytest.mark.parametrize("template", sorted({USUAL_TEMPLATE, "accused-notice", "third-party-notice"}))
def test_what_is_filled_in_is_what_would_have_been_composed(template: str) -> None:
    kind = {name: kind for kind, name in TEMPLATES.items()}.get(template, "customer")
    own, settings = words(template), Settings(organisation="Example Office")
    press = Press(settings, template, {kind: own}, TODAY)

    @given(st.lists(NAMES, min_size=1, max_size=5))
    def holds(names: list[str]) -> None:
        for name in names:
            nid = uuid4()
            assert plain(press, kind, name, nid) == composed(settings, template, kind, own, name, nid)

    holds()
    assert all(isinstance(form, Form) for form in press.forms.values()), "nothing was filled in"


def plain(press: Press, kind: str, name: str, nid: UUID) -> bytes | str:
    try:
        one = press.write(kind, person(name), way(), nid)
    except WordsError as error:
        return str(error)
    return one.form.content.fill(one.values) if isinstance(one, Printed) else one.content.to_bytes()


def composed(settings: Settings, template: str, kind: str, own: Words, name: str, nid: UUID) -> bytes | str:
    try:
        one = write_notice(settings, template, kind, person(name), way(), own, nid, TODAY)
    except WordsError as error:
        return str(error)
    return one.content.to_bytes()


def test_a_variant_that_cannot_be_filled_in_is_composed_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shape that did something unheard of to a name would be found out by comparing."""
    monkeypatch.setattr("notices.marked.Mark.shows", lambda _, value: value[::-1])
    press = Press(Settings(), USUAL_TEMPLATE, {"customer": words(USUAL_TEMPLATE)}, TODAY)
    assert isinstance(press.write("customer", person("Sam Sample"), way(), uuid4()), Written)
    assert list(press.forms.values()) == [None]


def test_a_code_word_never_gets_into_a_sheet() -> None:
    told = Known(
        Details(
            {
                "name": "Sam",
                "safe_channel": "phone",
                "safe_until": "2099-01-01",
                "safe_confirmed_on": "2026-11-20",
                "code_word": "lighthouse",
            }
        )
    )
    press = Press(Settings(), USUAL_TEMPLATE, {"customer": words(USUAL_TEMPLATE)}, TODAY)
    assert isinstance(press.write("customer", told, replace(way(), by_safe_contact=True), uuid4()), Written)


def test_a_thousand_notices_share_their_words_and_each_keeps_a_few_bytes(desk: Desk, tmp_path: Path) -> None:
    incident = an_incident_with(desk, tmp_path, customers(30))
    [wave] = drafted(desk, incident)
    with desk.reading() as session:
        sizes = [len(content) for content in session.scalars(sa.select(Notice.content))]
        sheets = session.scalars(sa.select(NoticeSheet)).all()
    assert len(sizes) == 30 and max(sizes) <= 250
    assert len(sheets) == 1 and b"Sam Sample" not in sheets[0].sheet
    [(notice, content)] = read_notices(desk, incident.id, 7)
    assert "Dear Sam Sample 6\n" in content.text and content.sha256 == notice.content_sha256
    with desk.reading() as session, pytest.raises(VaultError, match="does not know"):
        unseal(desk.vault(session, incident.id), notice.nid, notice.content, notice.content_sha256, {})
    assert wave.state == "draft"
