"""Minds the dead-man's switches: announces twice that a report will be filed by itself, then files it as preliminary, once."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from actions import clock
from actions.approve_report import approved
from actions.desk import Act, Desk
from actions.errors import Conflict
from actions.filing_policy import Policy, hindrance, policies, way_to
from actions.marks import Marks
from actions.moments import spelt
from actions.send_report import Sending, queue
from actions.targets import labels_of
from actions.word_alert import title_of
from db.models import Alert, Incident, Obligation, Report, Switch
from db.queries.accounts import addresses_of
from notices.alert import alert

GAP = timedelta(minutes=10)
"""At least so long between the announcements, and before the filing, however late the check itself came: a person must be able to stop it."""
LOUD = 4
FIRED = "switch fired"
BEFORE = (
    "its mark outside the database says that it was filed by itself before the database was put back; "
    "ask the authority, and record or file it by hand"
)


def mind_switches(desk: Desk) -> int:
    """Do what is due of every switch; returns how many were announced or fired. Safe to repeat, and for two at once."""
    signed = policies(desk.settings)
    if not signed:
        return 0
    now, first = clock.now(), timedelta(hours=max(desk.settings.switch_warning_hours))
    until = now + max(one.before for one in signed.values()) + first
    near = (
        sa.select(Obligation.id, Obligation.incident_id)
        .join(Incident, Incident.id == Obligation.incident_id)
        .outerjoin(Switch, Switch.obligation_id == Obligation.id)
        .where(
            Obligation.state == "open",
            Obligation.due_at > now,
            Obligation.due_at <= until,
            Obligation.authority.in_(signed),
            Incident.sealed.is_(False),
            Incident.closed_at.is_(None),
            sa.or_(Switch.state.is_(None), Switch.state == "armed"),
        )
    )
    with desk.reading() as session:
        found = session.execute(near.order_by(Obligation.due_at)).tuples().all()
    return sum(_mind(desk, incident_id, obligation_id, signed) for obligation_id, incident_id in found)


def stop_switch(desk: Desk, incident: UUID | str, about: str, reasons: str) -> Switch:
    """One person says that it is not to be filed by itself, with reasons. Raises Conflict where no policy covers the duty."""
    if not reasons.strip():
        raise Conflict("Stopping needs reasons: say why it is not to be filed by itself (--reasons).")
    with desk.act("stop_switch", incident) as act:
        duty, _, authority = about.partition("@")
        query = sa.select(Obligation).where(Obligation.incident_id == act.incident.id, Obligation.duty == duty)
        rows = act.session.scalars(query.where(Obligation.authority == authority) if authority else query).all()
        signed = policies(desk.settings)
        covered = [one for one in rows if one.authority in signed and one.due_at]
        if len(covered) != 1 or act.incident.sealed:
            raise Conflict(
                f"No policy files {about} of {act.incident.reference} by itself; 'forthwith show' says which do."
            )
        switch = _switch(act, covered[0], signed[covered[0].authority])
        if switch.state != "armed":
            raise Conflict(f"It is {switch.state} since {switch.ended_at:%d %B %Y %H:%M} UTC.")
        switch.state, switch.ended_at, switch.ended_by, switch.reasons = "stopped", act.now, desk.actor, reasons.strip()
        act.journal(f"switch {about}", stopped=True, reasons=switch.reasons, policy=switch.policy)
    return switch


def _mind(desk: Desk, incident_id: UUID, obligation_id: UUID, signed: dict[str, Policy]) -> int:
    """The next step of one; that it fired is also marked outside the database, which may be put back."""
    marks = Marks(desk.settings)
    with desk.act("dead-man's switch", incident_id) as act:
        done = _step(act, act.session.get_one(Obligation, obligation_id), signed, marks)
        switch = act.session.get(Switch, obligation_id)
        fired = bool(done) and switch is not None and switch.state == "fired"
    if fired:
        marks.add(clock.now(), FIRED, obligation_id)
        marks.keep()
    return done


def _step(act: Act, obligation: Obligation, signed: dict[str, Policy], marks: Marks) -> int:
    policy, settings = signed[obligation.authority], act.desk.settings
    wrong = hindrance(act.session, settings, act.incident, obligation)
    if obligation.due_at is None or act.now >= obligation.due_at or (wrong and not _by_hand(wrong)):
        return 0
    fires_at = obligation.due_at - policy.before
    first, second = (fires_at - timedelta(hours=one) for one in sorted(settings.switch_warning_hours, reverse=True))
    if act.now < first:
        return 0
    switch = _switch(act, obligation, policy)
    if switch.first_told_at is None:
        switch.first_told_at = act.now
        return _announce(act, obligation, fires_at, wrong, 1)
    if switch.second_told_at is None:
        if act.now < max(second, switch.first_told_at + GAP):
            return 0
        switch.second_told_at = act.now
        return _announce(act, obligation, max(fires_at, act.now + GAP), wrong, 2)
    if wrong or act.now < max(fires_at, switch.second_told_at + GAP):
        return 0
    return (
        _filed_before(act, obligation, switch)
        if marks.has(FIRED, obligation.id)
        else _fire(act, obligation, policy, switch)
    )


def _filed_before(act: Act, obligation: Obligation, switch: Switch) -> int:
    """The database was put back to before it fired: a person must find out whether the authority has the report."""
    switch.state, switch.ended_at, switch.ended_by, switch.reasons = "stopped", act.now, act.desk.actor, BEFORE
    act.journal(f"switch {obligation.about}", stopped=True, reasons=BEFORE, policy=switch.policy)
    return 1


def _by_hand(wrong: str) -> bool:
    """What only a person can do is announced all the more."""
    return "file it by hand" in wrong or "no report" in wrong


def _switch(act: Act, obligation: Obligation, policy: Policy) -> Switch:
    """The row of this obligation, made when it is first needed; its limit is the obligation's while it is armed."""
    switch = act.session.get(Switch, obligation.id, with_for_update=True)
    if switch is None:
        switch = Switch(
            obligation_id=obligation.id, incident_id=act.incident.id, sealed=False, policy=policy.text, state="armed"
        )
        act.session.add(switch)
    if switch.state == "armed" and obligation.due_at:
        switch.due_at, switch.policy = obligation.due_at, policy.text
    return switch


def _announce(act: Act, obligation: Obligation, fires_at: datetime, wrong: str, number: int) -> int:
    reference, settings = act.incident.reference, act.desk.settings
    about, page = (
        obligation.about,
        f"{settings.public_url}incidents/{act.incident.reference}",
    )
    stop = f"'forthwith disarm {reference} {about} --reasons …' or {page}/do/disarm"
    then = f"on {spelt(fires_at, obligation.time_zone, act.incident.time_zone)}"
    said = {
        "reference": reference,
        "matter": f"{'CANNOT be filed by itself' if wrong else 'Will be filed by itself'}: {title_of(obligation)}",
        "due_at": obligation.due_at,
        "now_at": act.now,
        "zone": obligation.time_zone,
        "team_zone": act.incident.time_zone,
        "page": page,
        "next_step": f"{wrong[:1].upper()}{wrong[1:]}. Do it now: nobody and nothing else will."
        if wrong
        else f"File it yourself, or it is filed as a preliminary one {then}. One person can stop that, with reasons: {stop}.",
    }
    people = (act.incident.owner, act.incident.deputy, act.incident.executive, act.incident.data_protection_officer)
    each = list(dict.fromkeys(one for one in (*people, *addresses_of(act.session, "manager")) if one))
    labels = labels_of(settings, LOUD, each)
    whole = alert(
        "rung", said | {"told": tuple(each), "rung": f"announcement {number} of 2", "citation": obligation.citation}
    )
    short = alert("push", said)
    for recipient in each:
        act.session.add(_alert(act, obligation, number, recipient, whole.subject, whole.text))
    for label in labels:
        act.session.add(_alert(act, obligation, number, label, short.subject, short.text))
    act.journal(f"switch {about}", announced=number, fires_at=fires_at, hindered=wrong, told=[*each, *labels])
    return 1


def _alert(act: Act, obligation: Obligation, number: int, recipient: str, subject: str, text: str) -> Alert:
    return Alert(
        incident_id=act.incident.id,
        sealed=False,
        kind=f"switch {number} {obligation.id}",
        recipient=recipient,
        subject=subject,
        text=text,
        state="queued",
        queued_at=act.now,
    )


def _fire(act: Act, obligation: Obligation, policy: Policy, switch: Switch) -> int:
    """The policy's own act: it approves the words as they stand, and hands them on by a way that needs no person."""
    mine = sa.select(Report).where(Report.obligation_id == obligation.id, Report.state.in_(("draft", "approved")))
    report = act.session.scalars(mine.order_by(Report.number.desc())).first()
    if report is None:
        return 0
    if report.state == "draft":
        approved(act, report, policy.approver)
    switch.state, switch.ended_at, switch.ended_by, switch.report_id = "fired", act.now, policy.approver, report.id
    act.session.flush()
    sending = Sending(way_to(act.desk.settings, obligation.authority))
    queue(act, report, sending, policy.approver)
    about = obligation.about
    act.journal(
        f"switch {about}", fired=True, report=report.number, preliminary=True, policy=policy.text, way=sending.way
    )
    return 1
