"""What `forthwith doctor` looks at, one question each; nothing is changed by looking."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy.exc import DBAPIError

from actions import clock
from actions.card_keys import RING
from actions.check_sender import check_sender
from actions.desk import Desk
from actions.filing_policy import policies, way_to
from actions.keep_card import AT_LEAST_EVERY, CARD, folder_of
from actions.moments import far
from actions.ways import channels_of
from channels.outcome import ChannelError
from db import schema
from db.queries.heartbeat import last_heartbeat
from db.queries.journal import verify_all
from db.vault import VaultError, read_master_key
from flows.api import Away, Prefect, Unwilling
from flows.deployments import DEPLOYMENTS
from rulebook.library import book
from rulebook.review import review
from settings.model import Settings

State = Literal["well", "note", "wrong"]
LEAST_FREE_BYTES = 1_000_000_000
CLOCK_SLACK = timedelta(minutes=1)


@dataclass(frozen=True)
class Finding:
    """One answer. A note is worth knowing; what is wrong needs somebody, and *do* says what they should do."""

    what: str
    state: State
    says: str
    do: str = ""


def findings(desk: Desk) -> Iterator[Finding]:
    """Every question's answer, in the order in which they depend on each other."""
    yield from (ask(desk.settings) for ask in (_home, _key, _disk))
    yield _rulebook()
    yield from _channels(desk.settings)
    yield from _missing(desk.settings)
    yield _card(desk.settings)
    database = _database(desk)
    yield database
    if database.state == "well":
        yield from _policies(desk.settings)
        yield from (ask(desk) for ask in (_journal, _clock, _heartbeat))
    yield from _prefect(desk.settings)


def _home(settings: Settings) -> Finding:
    mode = settings.home.stat().st_mode & 0o777
    if mode & 0o077:
        return Finding("home", "wrong", f"{settings.home} is open to others", f"run: chmod 700 {settings.home}")
    return Finding("home", "well", f"{settings.home}, open to its owner only")


def _key(settings: Settings) -> Finding:
    path = settings.key_file
    try:
        read_master_key(path)
    except VaultError as error:
        return Finding("master key", "wrong", str(error), "put the file back from your backup")
    if path.stat().st_mode & 0o077:
        return Finding("master key", "wrong", f"{path} can be read by others", f"run: chmod 600 {path}")
    return Finding(
        "master key", "well", f"{path}; losing it loses the people's data, so keep a copy apart from the database"
    )


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.home).free
    says = f"{free / 1e9:.1f} GB free"
    if free < LEAST_FREE_BYTES:
        return Finding("disk", "wrong", says, "make room: a full disk stops every act")
    return Finding("disk", "well", says)


def _rulebook() -> Finding:
    rules = book()
    found, about = review(rules, clock.now().date(), None), f"{rules.version}, {rules.hash[:12]}"
    if found:
        return Finding("rulebook", "note", f"{about}: {len(found)} things need a look", "run: forthwith rulebook check")
    return Finding(
        "rulebook", "well", f"{about}: {len(rules.laws)} laws, {len(rules.by_duty)} duties, all compared within a year"
    )


def _card(settings: Settings) -> Finding:
    """The page for the day when everything is down, and how old it is."""
    folder = folder_of(settings)
    try:
        age = clock.now().timestamp() - (folder / CARD).stat().st_mtime
    except OSError:
        do = "run: forthwith watchdog" if (folder / RING).exists() else "run: forthwith watchdog passphrase"
        return Finding("break-glass card", "note", "none is kept for the day when everything is down", do)
    if age > 2 * AT_LEAST_EVERY.total_seconds():
        says = f"written {far(timedelta(seconds=age))} ago: no watchdog keeps it"
        return Finding("break-glass card", "note", says, "run: forthwith watchdog")
    return Finding("break-glass card", "well", f"{folder / CARD}, written {far(timedelta(seconds=age))} ago")


def _database(desk: Desk) -> Finding:
    shown = desk.database.url.render_as_string(hide_password=True)
    if desk.database.is_sqlite and not Path(desk.database.url.database or "").exists():
        return Finding("database", "wrong", f"{shown} is not there yet", "run: forthwith up")
    try:
        present = schema.present(desk.database)
    except DBAPIError:
        return Finding("database", "wrong", f"{shown} cannot be reached", "start it, or mend FORTHWITH_DATABASE_URL")
    if present != schema.newest():
        at = f"is at {present}" if present else "is empty"
        return Finding("database", "wrong", f"{shown} {at}; {schema.newest()} is the newest", "run: forthwith up")
    return Finding("database", "well", f"{shown}, at its newest migration {present}")


def _journal(desk: Desk) -> Finding:
    with desk.reading() as session:
        verdicts = verify_all(session)
    broken = [verdict.chain for verdict in verdicts if not verdict.sound]
    if broken:
        return Finding(
            "journal", "wrong", f"does not hold: {', '.join(broken)}", "keep everything as it is; run: forthwith verify"
        )
    return Finding("journal", "well", f"{sum(verdict.entries for verdict in verdicts)} entries hold")


def _clock(desk: Desk) -> Finding:
    """A clock that was set back shows in what was written before."""
    with desk.reading() as session:
        beat = last_heartbeat(session)
    ahead = beat - clock.now() if beat else timedelta()
    if ahead > CLOCK_SLACK:
        return Finding(
            "clock",
            "wrong",
            f"{far(ahead)} behind what was written before",
            "set this machine's clock: every limit rests on it",
        )
    return Finding(
        "clock", "well", f"{clock.now():%Y-%m-%d %H:%M:%S} UTC; the team's zone is {desk.settings.time_zone}"
    )


def _heartbeat(desk: Desk) -> Finding:
    with desk.reading() as session:
        beat = last_heartbeat(session)
    if beat is None:
        return Finding("heartbeat", "wrong", "no deadline was ever checked", "run: forthwith up")
    silent = max(clock.now() - beat, timedelta())
    if silent > timedelta(minutes=desk.settings.heartbeat_silence_minutes):
        return Finding(
            "heartbeat", "wrong", f"silent for {far(silent)}: nobody watches the deadlines", "run: forthwith up"
        )
    return Finding("heartbeat", "well", f"deadlines were checked {silent.seconds} s ago")


def _channels(settings: Settings) -> Iterator[Finding]:
    try:
        ways = channels_of(settings, None)
    except ChannelError as error:
        yield Finding("channels", "wrong", str(error), "complete the settings of the channel, or choose outbox")
        return
    for kind, way in ways.items():
        try:
            way.check()
            yield Finding(kind, "well", f"ready ({way.name})")
        except ChannelError as error:
            yield Finding(kind, "wrong", f"{way.name}: {error}", "mend it before a wave is launched")
        finally:
            way.close()
    for seen in check_sender(settings):
        yield Finding(seen.what, "note" if seen.state == "unasked" else seen.state, seen.says, seen.do)
    if settings.email_channel == "outbox":
        yield Finding(
            "email",
            "note",
            f"messages stay as files in {settings.outbox_folder}; FORTHWITH_EMAIL_CHANNEL names a provider",
        )


def _policies(settings: Settings) -> Iterator[Finding]:
    """What is filed by itself, when nobody acts, and whether that could be done."""
    for authority, policy in policies(settings).items():
        way = way_to(settings, authority)
        hours = f"{policy.before.total_seconds() / 3600:g} h before the limit ({policy.text})"
        if way:
            yield Finding("dead-man's switch", "well", f"{authority} by {way}, {hours}")
        else:
            does = "name its machine in FORTHWITH_AUTHORITY_MACHINES, or know that a person must file by hand"
            yield Finding(
                "dead-man's switch", "wrong", f"{authority} takes no report by machine or e-mail: {hours}", does
            )


_NEEDED = {
    "contact_name": "notices and reports name a contact point",
    "contact_email": "people must be able to answer",
    "contact_phone": "no notice is drawn up without a number to ring",
    "owner": "nobody would be warned of a deadline",
    "data_protection_officer": "every incident must be told to this officer",
}


def _missing(settings: Settings) -> Iterator[Finding]:
    for name, why in _NEEDED.items():
        if not getattr(settings, name):
            yield Finding("settings", "note", f"{name} is not set: {why}", f"set FORTHWITH_{name.upper()}")
    if settings.organisation == type(settings).model_fields["organisation"].default:
        yield Finding(
            "settings",
            "note",
            "the organisation has no name: notices would say 'Our organisation'",
            "set FORTHWITH_ORGANISATION",
        )


def _prefect(settings: Settings) -> Iterator[Finding]:
    try:
        with Prefect(settings.api_url) as prefect:
            version = prefect.version()
            known = {one["name"]: one for one in prefect.deployments()}
    except (Away, Unwilling):
        yield Finding(
            "Prefect",
            "wrong",
            f"{settings.api_url} does not answer; acts count, but nothing moves by itself",
            "run: forthwith up",
        )
        return
    yield Finding("Prefect", "well", f"{version} at {settings.api_url}")
    for one in DEPLOYMENTS:
        at_rest = _at_rest(known.get(one.name), scheduled=one.scheduled)
        if at_rest:
            yield Finding(one.name, "wrong", at_rest, "run: forthwith up, or: prefect deploy --all")


def _at_rest(deployment: dict[str, object] | None, *, scheduled: bool) -> str:
    if deployment is None:
        return "is not deployed"
    schedules = deployment.get("schedules")
    active = [one for one in schedules if one.get("active")] if isinstance(schedules, list) else []
    if deployment.get("paused") or (scheduled and not active):
        return "is paused"
    return ""
