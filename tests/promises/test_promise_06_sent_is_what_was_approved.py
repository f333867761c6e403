"""Promise 6: what is sent equals what was approved, byte for byte, and authors do not approve their own text."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from actions.approve_report import approve_report
from actions.approve_wave import approve_wave
from actions.content import Content, open_notice, seal
from actions.desk import Act, Desk
from actions.errors import Conflict, Stale
from actions.launch import launch
from actions.prepare_reports import prepare_reports
from db.models import Approval, Notice, Report, Wave
from tests.ledger import APPROVER, WRITER, an_incident_with, customers, drafted, tell_story

REF = "FW-2026-0001"


@pytest.fixture
def prepared(desk: Desk, tmp_path: Path) -> Desk:
    """A report and a wave, both drafts, their words by the writer."""
    incident = an_incident_with(desk, tmp_path, customers(2))
    prepare_reports(desk, incident.id)
    assert drafted(desk, incident)
    return desk


def approve(desk: Desk, what: str, sha256: str | None = None) -> Approval:
    return (approve_report if what == "report" else approve_wave)(desk, REF, 1, sha256)


@pytest.mark.parametrize("what", ["report", "wave"])
def test_whoever_wrote_a_word_of_it_cannot_approve_it(prepared: Desk, what: str) -> None:
    with pytest.raises(Conflict, match="did not must approve"):
        approve(prepared.acting_as(WRITER), what)
    assert approve(prepared.acting_as(APPROVER), what).author == WRITER


@pytest.mark.parametrize("what", ["report", "wave"])
def test_the_database_itself_refuses_an_authors_approval(prepared: Desk, what: str) -> None:
    given = approve(prepared.acting_as(APPROVER), what)
    own = {column.key: getattr(given, column.key) for column in Approval.__table__.columns if column.key != "id"}
    with pytest.raises(sa.exc.IntegrityError, match="not_by_its_author"), prepared.writing() as session:
        session.execute(sa.insert(Approval).values(**own | {"approved_by": WRITER, "content_sha256": "0" * 64}))


@pytest.mark.parametrize("what", ["report", "wave"])
def test_an_approval_of_what_was_read_refuses_what_came_after(prepared: Desk, what: str) -> None:
    with pytest.raises(Stale):
        approve(prepared.acting_as(APPROVER), what, "0" * 64)


def test_words_that_changed_after_the_draft_are_not_approved(prepared: Desk) -> None:
    with prepared.reading() as session:
        incident_id = session.scalars(sa.select(Wave.incident_id)).first()
    tell_story(prepared, _Named(incident_id), story__what_happened="Another parcel was lost.")
    with pytest.raises(Stale, match="changed"):
        approve(prepared.acting_as(APPROVER), "wave")


def test_the_database_lets_nobody_change_a_drafted_word(prepared: Desk) -> None:
    with pytest.raises(sa.exc.IntegrityError, match="stand from its drafting"), prepared.act("forge", REF) as act:
        forge(act)


def test_a_byte_changed_after_the_approval_never_leaves(prepared: Desk) -> None:
    """Even by someone who takes the trigger away, holds the key, and gives the forged text its right hash."""
    approve(prepared.acting_as(APPROVER), "wave")
    with prepared.act("forge", REF) as act:
        on = "" if prepared.database.is_sqlite else " ON notices"
        act.session.execute(sa.text(f"DROP TRIGGER notices_keep_their_words{on}"))
        forge(act)
    with pytest.raises(Conflict, match="not what was approved"):
        launch(prepared, REF, 1)


def forge(act: Act) -> None:
    notice = act.session.scalars(sa.select(Notice)).first()
    assert notice is not None
    held = open_notice(act.session, act.vault, notice)
    forged = Content(**vars(held) | {"text": held.text + "\nPay here."})
    act.session.execute(
        sa.update(Notice)
        .where(Notice.nid == notice.nid)
        .values(content=seal(act.vault, notice.nid, forged), content_sha256=forged.sha256)
    )


def test_an_approved_report_keeps_its_bytes(prepared: Desk) -> None:
    approve(prepared.acting_as(APPROVER), "report")
    before = _report(prepared)
    with prepared.reading() as session:
        incident_id = session.scalars(sa.select(Wave.incident_id)).first()
    tell_story(prepared, _Named(incident_id), story__what_happened="Another parcel was lost.")
    prepare_reports(prepared, REF)
    after = _report(prepared)
    assert (after.pdf, after.content, after.content_sha256) == (before.pdf, before.content, before.content_sha256)


def _report(desk: Desk) -> Report:
    with desk.reading() as session:
        return session.scalars(sa.select(Report).where(Report.number == 1)).one()


class _Named:
    """As much of a declared incident as the ledger's helpers ask for."""

    def __init__(self, id_: object) -> None:
        self.id = id_
