"""Receives what someone noticed and says: kept at once, sealed, with a receipt to follow it by; the managers are told."""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa

from actions import clock, throttle
from actions.desk import Desk
from actions.errors import Conflict, NotSignedIn
from actions.house_act import HouseAct, house_act
from actions.read_intake import place
from actions.tell_managers import tell_managers
from db.models import Intake, SignInTry
from db.queries.intakes import intake_named, next_intake_reference
from db.vault import MasterVault

LONGEST = 10_000
TOO_MANY = "Too much was told from this address just now. What you wrote is still here: send it again in {}."
NO_SUCH = "This reference and code do not belong together; type both as they stood on the page after you sent it."


@dataclass(frozen=True)
class Telling:
    """What someone says. Nobody named and no account means anonymous; *once* tells a form that was sent twice from two tellings."""

    what: str = field(repr=False)
    noticed_at: datetime | None = None
    teller_id: UUID | None = None
    teller: str = field(default="", repr=False)
    reach: str = field(default="", repr=False)
    once: str = field(default="", repr=False)


@dataclass(frozen=True)
class Received:
    """The receipt. The code is kept nowhere; with it, who said it can see later what became of it."""

    reference: str
    code: str = field(repr=False)


def receive(desk: Desk, told: Telling, address: str) -> Received:
    """Keep it. The same form sent twice gives the same receipt. Raises Conflict for nothing said or a time to come, TooManyTries.

    Who is anonymous comes to a desk of nobody: the journal names whoever stands at the desk.
    """
    if not told.what.strip():
        raise Conflict("Say in a few words what happened.")
    if len(told.what) > LONGEST:
        raise Conflict(f"This is longer than {LONGEST} characters; say what matters most, the rest can follow.")
    with house_act(desk, "receive") as act:
        whole = _whole(told)
        key, code = desk.master.index(whole, "intake/sent"), _code(desk.master, whole)
        held = act.session.scalar(sa.select(Intake).where(Intake.sent_key == key))
        if held is None:
            by = throttle.who(desk.master, secrets.token_hex(16), address, "intake")
            throttle.begin_try(act.session, by, act.now, TOO_MANY)
            held = _kept(act, told, key, code)
        return Received(held.reference, code)


def follow(desk: Desk, reference: str, code: str, address: str) -> Intake:
    """The intake behind a receipt. Raises NotSignedIn, alike for a wrong reference and a wrong code, and TooManyTries."""
    by = throttle.who(desk.master, reference.strip().upper(), address, "intake/follow")
    with desk.writing() as session:
        tried = throttle.begin_try(session, by, clock.now())
    with desk.reading() as session:
        found = intake_named(session, reference)
    if not hmac.compare_digest(found.follow_hash if found else bytes(32), _digest(code)) or found is None:
        raise NotSignedIn(NO_SUCH)
    with desk.writing() as session:
        session.execute(sa.update(SignInTry).where(SignInTry.id == tried.id).values(worked=True))
    return found


def _kept(act: HouseAct, told: Telling, key: bytes, code: str) -> Intake:
    noticed_at = told.noticed_at or act.now
    if noticed_at > act.now:
        raise Conflict("The time when it was noticed lies in the future; check day, hour and time zone.")
    intake = Intake(
        id=uuid4(),
        reference=next_intake_reference(act.session, act.now.year),
        noticed_at=noticed_at,
        received_at=act.now,
        teller_id=told.teller_id,
        follow_hash=_digest(code),
        sent_key=key,
        state="new",
    )
    sealed = {"said": told.what, "teller": "" if told.teller_id else told.teller, "reach": told.reach}
    for column, words in sealed.items():
        if words.strip():
            setattr(intake, column, act.desk.master.seal(words.strip().encode(), place(intake, column)))
    act.session.add(intake)
    act.session.flush()
    heard = tell_managers(act, intake, "received")
    sha256 = hashlib.sha256(intake.said).hexdigest()
    act.journal(intake.reference, noticed_at=noticed_at, received_at=act.now, said_sha256=sha256, told=heard)
    return intake


def _whole(told: Telling) -> str:
    noticed = told.noticed_at.isoformat() if told.noticed_at else ""
    once = told.once or secrets.token_urlsafe(16)
    return json.dumps([once, told.what, noticed, str(told.teller_id), told.teller, told.reach])


def _code(master: MasterVault, whole: str) -> str:
    """Twenty letters and digits that nobody can guess, in groups that can be read out."""
    letters = base64.b32encode(master.index(whole, "intake/follow")).decode()[:20]
    return "-".join(letters[start : start + 5] for start in range(0, 20, 5))


def _digest(code: str) -> bytes:
    """What is kept of a code; however it was typed."""
    typed = "".join(one for one in code.upper() if one.isalnum()).translate(str.maketrans("018", "OIB"))
    return hashlib.sha256(typed.encode(errors="backslashreplace")).digest()
