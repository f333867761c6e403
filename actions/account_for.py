"""What decisions about people bring about: exemptions, substitute notices, and what to do with notices that may have arrived."""

import re
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from actions.desk import Act
from actions.errors import Conflict, NotFound
from actions.flagging import call_back
from actions.give_up import DECIDE_SUBSTITUTE
from actions.open_task import end_tasks, open_task
from actions.people_told import settle_duties
from db.models import Attempt, Decision, Notice, Person, Wave
from db.models.person import AFFECTED_KINDS
from db.queries.balance import among
from db.queries.notices import wave_by_number

_RANGE = re.compile(r"(\d+)(?:-(\d+))?")
MOST_AT_ONCE = 100_000
COPIES = ("send_again", "other_way")


def exempt(act: Act, decision: Decision) -> None:
    """These people need not be told (about: ``people 3, 7-9``); what was not sent to them yet is called back."""
    ids = _people(act, decision.about)
    call_back(act, ids, f"exempt by decision {decision.number}")
    act.session.execute(sa.update(Person).where(Person.id.in_(ids)).values(exemption_id=decision.id))
    for id_ in ids:
        end_tasks(act, f"next_of_kin:{id_}", f"decision {decision.number}")
    act.journal(f"decision {decision.number}", exempt=len(ids))
    settle_duties(act)


def narrow(act: Act, decision: Decision) -> None:
    """These people turned out not to be affected (about: ``people 3, 7-9``): they stay on the ledger, covered by this decision.

    Nobody vanishes from the count; should a fact that it rested on change, they wait to be told again.
    """
    exempt(act, decision)
    title = f"Correct the numbers of people affected: decision {decision.number} says that some are not"
    open_task(act, kind="check", key=f"narrowed:{decision.id}", title=title, why=decision.reasons)


def substitute(act: Act, decision: Decision) -> None:
    """A substitute notice stands for those whom no way reaches (about: ``people 3, 7-9`` or ``unreachable``)."""
    ids = _unreachable(act) if decision.about.strip() == "unreachable" else _people(act, decision.about)
    if not ids:
        raise Conflict("Nobody is unreachable at present; a substitute notice would stand for no one.")
    call_back(act, ids, f"substitute notice by decision {decision.number}")
    act.session.execute(sa.update(Person).where(Person.id.in_(ids)).values(substitute_id=decision.id))
    end_tasks(act, f"{DECIDE_SUBSTITUTE}:{_decided_before(act, decision)}", f"decision {decision.number}")
    act.journal(f"decision {decision.number}", substitute=len(ids))
    settle_duties(act)


def settle_copies(act: Act, decision: Decision) -> None:
    """Notices of one wave that may have arrived (about: ``wave 3``) go again, or their people are told another way.

    A flagged person's is never sent again. The attempt stays unknown, so that the next one is marked as a possible second copy.
    """
    if decision.choice not in COPIES:
        raise Conflict(f"Choose {' or '.join(COPIES)}; {decision.choice!r} is neither.")
    wave = _wave(act, decision.about)
    again = decision.choice == "send_again"
    unsettled = _unsettled(act, wave)
    if again and any(notice.flagged for notice in unsettled):
        raise Conflict("Some of these people are flagged since; nothing is sent to them again. Choose other_way.")
    for notice in unsettled:
        notice.state, notice.wait_until = ("queued" if again else "rejected"), None
        notice.settled_at = None if again else act.now
    act.session.flush()
    end_tasks(act, f"second_copy:{wave.id}:{_decided_before(act, decision)}", f"decided: {decision.choice}")
    act.journal(f"wave {wave.number}", second_copy=decision.choice, notices=len(unsettled))
    if again:
        act.ask_for("deliver", because=f"decision {decision.number}", wave_id=wave.id)


def _unsettled(act: Act, wave: Wave) -> Sequence[Notice]:
    in_flight = sa.select(Attempt.id).where(Attempt.notice_id == Notice.nid, Attempt.state == "sending")
    query = sa.select(Notice).where(Notice.wave_id == wave.id, Notice.state == "unknown", ~in_flight.exists())
    return act.session.scalars(query.with_for_update()).all()


def _decided_before(act: Act, decision: Decision) -> int:
    same = [Decision.kind == decision.kind, Decision.number < decision.number]
    if decision.kind == "second_copy":
        same.append(Decision.about == decision.about)
    query = sa.select(sa.func.count()).where(Decision.incident_id == act.incident.id, *same)
    return act.session.scalar(query) or 0


def _wave(act: Act, about: str) -> Wave:
    word, _, number = about.partition(" ")
    wave = wave_by_number(act.session, act.incident.id, int(number)) if number.isdigit() and word == "wave" else None
    if wave is None:
        raise NotFound(f"Say which wave it is about, as 'wave 3'; {about!r} is none.")
    return wave


def _people(act: Act, about: str) -> list[UUID]:
    """The people whom ``people 3, 7-9`` names. Raises Conflict when one of them is not on the ledger."""
    word, _, listed = about.strip().partition(" ")
    numbers: set[int] = set()
    for part in listed.split(","):
        found = _RANGE.fullmatch(part.strip())
        if word not in ("people", "person") or found is None:
            raise Conflict(f"Say whom it is about, as 'people 3, 7-9'; {about!r} does not.")
        first, last = int(found[1]), int(found[2] or found[1])
        if last - first > MOST_AT_ONCE:
            raise Conflict(f"{about!r} are more than {MOST_AT_ONCE:,} people; decide about fewer at once.")
        numbers |= set(range(first, last + 1))
    query = sa.select(Person.id).where(
        Person.incident_id == act.incident.id, Person.number.in_(numbers), Person.kind.in_(AFFECTED_KINDS)
    )
    ids = list(act.session.scalars(query))
    if len(ids) != len(numbers):
        raise Conflict(
            f"{len(numbers) - len(ids)} of the {len(numbers)} people are not among those affected on the ledger."
        )
    return ids


def _unreachable(act: Act) -> list[UUID]:
    lost = sa.select(Person.id).where(Person.incident_id == act.incident.id, among("unreachable"))
    return list(act.session.scalars(lost.order_by(Person.id)))
