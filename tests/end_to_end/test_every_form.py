"""Every form on both faces: its report is drafted, completed, approved and filed with proof, and what may be refused is refused on the way."""

import pytest
import sqlalchemy as sa

from actions.desk import Desk, find
from db.models import Obligation, Report
from db.queries import work
from notices.forms.every import FORMS
from tests.conftest import Time
from tests.end_to_end.hands import FACES, WRITER, Face, Filed, Refused
from tests.end_to_end.scenario import invented, scenario

AT = {"events.occurred_from": "2026-11-19T08:00+00:00", "events.occurred_to": "2026-11-19T09:00+00:00"}
NOTICED = {"events.detected": "2026-11-20T08:00+00:00", "events.aware": "2026-11-20T08:00+00:00"}
KNOWN = (
    AT
    | NOTICED
    | {"data": ["name"], "medium": ["paper"], "nature": ["loss"], "protection.encrypted": False, "risk": "high"}
)
SHOP = {
    "medium": ["electronic"],
    "nature": ["disclosure", "access"],
    "findings.material_cyber_incident": True,
    "events.materiality_determined": "2026-11-20T09:00+00:00",
}


def at(place: str, *roles: str, **facts: object) -> dict[str, object]:
    """An organisation there, some of whose people were affected there."""
    own = {"organisation.roles": list(roles), "organisation.establishments": [place], "kinds": ["customer"]}
    return KNOWN | own | {f"people.{place}": 1500} | {name.replace("__", "."): value for name, value in facts.items()}


def of(name: str) -> dict[str, object]:
    """All that a scenario knows."""
    told = scenario(name)
    return told.start | told.later


POLICE = {"purposes": ["law_enforcement"]}
ROWS = {
    "a police force": (at("GB", "controller", "competent_authority", **POLICE), {"ico-part-3": "uk-p3-67-1"}),
    "one in Germany": (at("DE", "controller", "competent_authority", **POLICE), {"article-33": "eu-led-30-1"}),
    "a processor": (at("GB", "processor"), {"processor-to-controller": "uk-gdpr-33-2"}),
    "a telephone company": (at("GB", "controller", "communications_provider"), {"ico-pecr": "uk-pecr-5a-2"}),
    "a listed shop": (
        at("US", "controller", "sec_registrant", **SHOP)
        | {"people.US-FL": 1500, "data": ["name", "social_security_number"]},
        {"sec-8k": "us-sec-8k-105", "us-consumer-reporting": "us-fl-cra", "us-attorney-general": "us-fl-ag"},
    ),
    "a bank that is late": (
        of("eu-bank") | {"findings.cannot_report_in_time": True},
        {"authority-letter": "dora-cannot"},
    ),
    "a bank": (of("eu-bank"), {"dora": "dora-init", "edpb-33": "eu-gdpr-33-1"}),
    "clinics": (
        of("hospital-group"),
        {
            "nis2": "nis2-elsewhere-a",
            "ico": "uk-gdpr-33-1",
            "hhs": "us-hipaa-hhs-large",
            "hipaa-media": "us-hipaa-media",
        },
    ),
}
"""Who, what is known, and for each form the duty that it is for."""
WHOLE = {"the command line": "clinics", "the dashboard": "a bank"}
"""Who is played on that face in `test_scenarios`, from the declaration to the last proof."""


def test_every_form_is_played() -> None:
    assert {form for _, forms in ROWS.values() for form in forms} == set(FORMS)


@pytest.mark.parametrize("face", FACES)
def test_a_report_on_each_form_is_drafted_completed_approved_and_filed_with_proof(
    face: str, on: tuple[Face, Desk], time: Time
) -> None:
    hand, desk = on
    rows = [(who, *row) for who, row in ROWS.items() if who != WHOLE[face]]
    for place, (who, facts, forms) in enumerate(rows, 1):
        hand.reference = f"FW-2026-{place:04d}"
        hand.declare(who, facts)
        hand.draft()
        for form, duty in forms.items():
            completed(hand, desk, duty)
            number = drafted(desk, hand.reference, duty)
            refused(hand, number)
            hand.file(number, Filed("post", reference=f"EX-{form}"))
            report, met = held(desk, hand.reference, number)
            assert (report.form, report.state, report.late) == (form, "filed", False), form
            assert report.receipt_id and report.authority_reference == f"EX-{form}"
            assert met.state == "met" or (met.phase == "update" and report.missing), "further information may follow"


def completed(hand: Face, desk: Desk, duty: str) -> None:
    """Record whatever the report on this duty lacks, until it lacks nothing that somebody can say."""
    said: set[str] = set()
    while new := hand.missing(drafted(desk, hand.reference, duty)) - said:
        hand.record({fact: invented(fact) for fact in sorted(new)})
        said |= new
        hand.draft()
    assert not hand.missing(drafted(desk, hand.reference, duty)), "what was said is not asked for again"


def refused(hand: Face, number: int) -> None:
    """What is refused on the way to the filing; it is approved then."""
    with pytest.raises(Refused, match="must be approved"):
        hand.file(number, Filed())
    with pytest.raises(Refused, match="wrote words"):
        hand.approve(number, by=WRITER)
    hand.approve(number)
    for filed, says in (
        (Filed(proof=b""), "proof"),
        (Filed(reference=" "), "reference|Fill this in"),
        (Filed(at="2099-01-01T10:00+00:00"), "future"),
        (Filed("pigeon"), "none of them|those that are offered"),
    ):
        with pytest.raises(Refused, match=says):
            hand.file(number, filed)


def drafted(desk: Desk, reference: str, duty: str) -> int:
    """The number of the draft on this duty."""
    query = sa.select(Report.number).join(Obligation, Report.obligation_id == Obligation.id)
    with desk.reading() as session:
        mine = query.where(Obligation.duty == duty, Report.incident_id == find(session, reference).id)
        return session.scalars(mine.where(Report.state == "draft")).one()


def held(desk: Desk, reference: str, number: int) -> tuple[Report, Obligation]:
    """A report with the duty that it is for."""
    with desk.reading() as session:
        found = work.report(session, find(session, reference).id, number)
        assert found is not None
        return found
