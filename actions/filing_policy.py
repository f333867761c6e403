"""Policies of the dead-man's switch, as the settings have them, and whether what they promise could be done now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions.addresses import mail_of, takes_by_machine
from actions.moments import spelt
from db.models import Decision, Dispatch, Incident, Obligation, Report, Switch
from settings.model import Settings


@dataclass(frozen=True)
class Policy:
    """Who signed what: for which authority, and how long before the limit it is filed."""

    authority: str
    before: timedelta
    text: str

    @property
    def approver(self) -> str:
        """What stands in the place of the person who approves."""
        return f"policy {self.text}"


@dataclass(frozen=True)
class Readiness:
    """Of one duty: what would be filed by itself when, what hinders that, if anything does, and how far it has come.

    *announcements* are the two, each with its moment and when it was made; *report* is 0 where none is drawn up.
    """

    about: str
    fires_at: datetime
    hindrance: str
    policy: str
    way: str
    due_at: datetime
    announcements: tuple[tuple[datetime, datetime | None], ...]
    report: int = 0
    missing: int = 0
    state: str = "armed"

    def says(self, zone: str) -> str:
        """In a sentence."""
        if self.hindrance:
            return f"{self.about} is NOT filed by itself: {self.hindrance}."
        return (
            f"{self.about} is filed by itself as preliminary on {spelt(self.fires_at, zone)}, when nobody acts before."
        )


def policies(settings: Settings) -> dict[str, Policy]:
    """By authority; none unless somebody signed one."""
    found = ((text.partition("=")[0], text.partition("=")[2].split(";")) for text in settings.file_by_itself)
    texts = dict(zip((one.partition("=")[0] for one in settings.file_by_itself), settings.file_by_itself, strict=True))
    return {name: Policy(name, timedelta(hours=float(rest[0])), texts[name]) for name, rest in found}


def way_to(settings: Settings, authority: str) -> str:
    """How a report can go there without a person: machine or email; empty where only a person can file."""
    return "machine" if takes_by_machine(settings, authority) else "email" if mail_of(authority) else ""


def hindrance(session: Session, settings: Settings, incident: Incident, obligation: Obligation) -> str:
    """Why it would not be filed by itself now; empty when nothing is in the way."""
    switch = session.get(Switch, obligation.id)
    if switch is not None and switch.state != "armed":
        return (
            f"stopped by {switch.ended_by}: {switch.reasons}"
            if switch.state == "stopped"
            else "it was filed by itself already"
        )
    if incident.sealed:
        return "this is an exercise"
    if incident.closed_at or obligation.state != "open":
        return "it is not owed"
    if incident.restricted or _restricted(session, incident):
        return "the incident is restricted; a person must decide"
    if not way_to(settings, obligation.authority):
        return "this authority takes no report by machine or e-mail; file it by hand"
    return _of_reports(session, obligation)


def _restricted(session: Session, incident: Incident) -> bool:
    stands = Decision.kind == "law_enforcement_restriction", Decision.state == "stands", Decision.choice != "lifted"
    return (
        session.scalar(sa.select(Decision.id).where(Decision.incident_id == incident.id, *stands).limit(1)) is not None
    )


def _of_reports(session: Session, obligation: Obligation) -> str:
    mine = sa.select(Report.id).where(Report.obligation_id == obligation.id)
    if session.scalar(mine.where(Report.state == "filed").limit(1)):
        return "it was filed"
    sent = sa.select(Dispatch.id).where(Dispatch.report_id.in_(mine), Dispatch.state != "rejected")
    if session.scalar(sent.limit(1)):
        return "it is on its way"
    if not session.scalar(mine.where(Report.state.in_(("draft", "approved"))).limit(1)):
        return "no report is drawn up"
    return ""


def readiness(session: Session, settings: Settings, incident: Incident) -> list[Readiness]:
    """Of every duty that a policy covers and that is still owed, the nearest limit first."""
    signed = policies(settings)
    if not signed or incident.sealed:
        return []
    owed = sa.select(Obligation).where(
        Obligation.incident_id == incident.id,
        Obligation.answer != "does_not_apply",
        Obligation.state == "open",
        Obligation.authority.in_(signed),
        Obligation.due_at.is_not(None),
    )
    found = session.scalars(owed.order_by(Obligation.due_at)).all()
    return [_ready(session, settings, incident, one, signed[one.authority], one.due_at) for one in found if one.due_at]


def _ready(
    session: Session, settings: Settings, incident: Incident, duty: Obligation, policy: Policy, due_at: datetime
) -> Readiness:
    switch, fires_at = session.get(Switch, duty.id), due_at - policy.before
    mine = sa.select(Report).where(Report.obligation_id == duty.id, Report.state.in_(("draft", "approved", "filed")))
    report = session.scalars(mine.order_by(Report.number.desc()).limit(1)).first()
    first, second = (fires_at - timedelta(hours=one) for one in sorted(settings.switch_warning_hours, reverse=True))
    told = (switch.first_told_at, switch.second_told_at) if switch else (None, None)
    return Readiness(
        about=duty.about,
        fires_at=fires_at,
        hindrance=hindrance(session, settings, incident, duty),
        policy=policy.text,
        way=way_to(settings, duty.authority),
        due_at=due_at,
        announcements=((first, told[0]), (second, told[1])),
        report=report.number if report else 0,
        missing=len(report.missing) if report else 0,
        state=switch.state if switch else "armed",
    )
