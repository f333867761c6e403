"""Reports that follow each other go in that order; where the law lets one stand for several, a person says why it does."""

import json

import pytest
import sqlalchemy as sa

from actions.approve_report import approve_report
from actions.assess import assess
from actions.desk import Desk
from actions.errors import Conflict
from actions.file_report import Filing, file_report
from actions.hand_in import hand_in
from actions.prepare_reports import prepare_reports
from actions.send_report import Sending, send_report
from db.models import JournalEntry, Report
from tests.chains import CHAINS, REF, TOGETHER, begun, number_of, of
from tests.conftest import Time

FILED = Filing("portal", "FIN-000001", "page.pdf", b"acknowledged")


@pytest.mark.parametrize("chain", CHAINS)
def test_a_later_report_waits_for_each_that_comes_before_it(desk: Desk, officer: Desk, time: Time, chain: str) -> None:
    duties = begun(desk, officer, chain)
    for place, duty in enumerate(duties):
        for later in duties[place + 1 :]:
            with pytest.raises(Conflict, match=f"{duty}.* comes first and is not filed yet"):
                file_report(desk, REF, number_of(desk, later), FILED)
            with pytest.raises(Conflict, match=f"{duty}.* comes first"):
                send_report(desk, REF, number_of(desk, later), Sending("email", "desk@example.org", "By telephone."))
        file_report(desk, REF, number_of(desk, duty), FILED)
    assert [of(desk, duty)[1].state for duty in duties] == ["met"] * len(duties)


@pytest.mark.parametrize("chain", CHAINS)
def test_the_database_refuses_the_wrong_order_by_itself(desk: Desk, officer: Desk, time: Time, chain: str) -> None:
    duties = begun(desk, officer, chain)
    filed = dict.fromkeys(("filed_at", "late", "channel"))
    filed |= {"state": "filed", "filed_at": time.now, "filed_by": "x", "late": False, "channel": "portal"}
    for duty, allowed in ((duties[-1], False), (duties[1], False), (duties[0], True)):
        with desk.writing() as session:
            file_it = sa.update(Report).where(Report.id == of(desk, duty)[0].id).values(**filed)
            wanted = "" if allowed else "a report before this one is owed"
            with pytest.raises(
                sa.exc.IntegrityError, match=wanted or "filed_with_proof"
            ):  # the first lacks its proof alone
                session.execute(file_it)
            session.rollback()


def test_no_reason_puts_a_report_before_its_turn_where_the_law_lets_none_stand_for_several(
    desk: Desk, officer: Desk, time: Time
) -> None:
    begun(desk, officer, "nis2")
    with pytest.raises(Conflict, match="File that report first, late and with its reasons"):
        file_report(desk, REF, number_of(desk, "nis2-b"), Filing("portal", "X", "p.pdf", b"x", together=TOGETHER))


def test_one_filing_stands_for_several_with_reasons_where_the_law_says_so(
    desk: Desk, officer: Desk, time: Time
) -> None:
    begun(desk, officer, "dora")
    last = number_of(desk, "dora-final")
    with pytest.raises(Conflict, match="2025/302, Article 2 lets one filing stand for several"):
        file_report(desk, REF, last, FILED)
    time.move(hours=4)
    both = Filing("portal", "FIN-1", "page.pdf", b"acknowledged", together=TOGETHER)
    with pytest.raises(Conflict, match="the limit of dora-init passed"):
        file_report(desk, REF, last, both)
    late = "The one who knew was away."
    file_report(desk, REF, last, Filing("portal", "FIN-1", "page.pdf", b"x", late_reasons=late, together=TOGETHER))
    told = {duty: of(desk, duty) for duty in CHAINS["dora"][2]}
    assert {duty: (one.state, duty_.state, duty_.late) for duty, (one, duty_) in told.items()} == {
        "dora-init": ("replaced", "met", True),
        "dora-inter": ("replaced", "met", False),
        "dora-final": ("filed", "met", False),
    }
    assert told["dora-init"][1].late_reasons == late and told["dora-final"][0].together_reasons == TOGETHER
    with desk.reading() as session:
        bodies = [json.loads(body) for body in session.scalars(sa.select(JournalEntry.body))]
    [kept] = [one["details"] for one in bodies if one["details"].get("stands_for")]
    assert kept["stands_for"] == ["dora-init", "dora-inter"] and kept["together_because"] == TOGETHER
    assess(desk, REF)
    prepare_reports(desk, REF)
    assert [of(desk, duty)[1].state for duty in told] == ["met"] * 3, "what was filed together is owed no more"


def test_what_was_sent_and_waits_for_the_authoritys_word_keeps_nothing_back(
    desk: Desk, officer: Desk, time: Time
) -> None:
    begun(desk, officer, "nis2")
    to = ("desk@example.org", "By telephone.")
    send_report(desk, REF, number_of(desk, "nis2-a"), Sending("email", *to))
    with pytest.raises(Conflict, match="nis2-a comes first"):
        send_report(desk, REF, number_of(desk, "nis2-b"), Sending("email", *to))  # the first has not left
    hand_in(desk)
    send_report(desk, REF, number_of(desk, "nis2-b"), Sending("email", *to))
    hand_in(desk)
    file_report(desk, REF, number_of(desk, "nis2-b"), Filing("email", "N-2", "answer.eml", b"we have it"))
    file_report(desk, REF, number_of(desk, "nis2-a"), Filing("email", "N-1", "answer.eml", b"we have it"))


def test_why_a_report_cannot_be_made_in_time_is_told_before_that_report(desk: Desk, officer: Desk, time: Time) -> None:
    begun(desk, officer, "dora")
    cannot, _ = of(desk, "dora-cannot")
    approve_report(officer, REF, cannot.number)
    file_report(desk, REF, cannot.number, FILED)
    assert of(desk, "dora-cannot")[0].state == "filed" and of(desk, "dora-init")[1].state == "open"
