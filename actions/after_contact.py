"""What a try at a contact brings about beyond its task: a number that is someone else's, a wish not to be contacted, a concern."""

from uuid import UUID

from actions.check_row import OF_A_SAFE_CONTACT
from actions.content import open_notice
from actions.correct_person import write_person
from actions.desk import Act, Desk
from actions.details import Details
from actions.end_task import find_task
from actions.enter_people import details_of
from actions.errors import Conflict
from actions.flagging import call_back, raise_flags
from actions.open_task import open_task
from db.models import Alert, Notice, Person, Task
from db.queries.people import wards
from notices.alert import alert

MAY_SHARE = "Data protection law does not prevent sharing what is needed to safeguard a child or an adult at risk."
NEXT = (
    "Read the task with 'forthwith task list {0}', decide with the case team what is safe, and record it. " + MAY_SHARE
)


def take_number_off(act: Act, notice: Notice) -> None:
    """The number that was rung is someone else's: nobody rings it again for this person."""
    person = _listener(act, notice)
    number = open_notice(act.session, act.vault, notice).to_address
    call_back(act, [person.id, *wards(act.session, [person.id])], "the number is someone else's")
    write_person(act, person, _without(details_of(act, person), number))
    act.journal(f"person {person.number}", number_taken_off=True)


def keep_away(act: Act, notice: Notice) -> None:
    """They asked not to be contacted: no way is chosen any more, and what waits is called back."""
    raise_flags(act, {_listener(act, notice).id: ["asked_for_no_contact"]}, "they asked not to be contacted")


def raise_concern(desk: Desk, incident: UUID | str, number: int, reasons: str) -> Task:
    """Ask the safeguarding lead to look at a contact. Raises Conflict without reasons, which name nobody."""
    if not reasons.strip():
        raise Conflict(
            "Say in a sentence what worries you (--reasons), without naming anyone; it is kept in the record."
        )
    with desk.act("raise_concern", incident) as act:
        task = find_task(act, number)
        if task.kind != "contact":
            raise Conflict(f"Task {number} is no contact with a person.")
        return tell_lead(act, task, reasons.strip())


def tell_lead(act: Act, contact: Task, why: str) -> Task:
    """A task for the safeguarding lead and a message, once for each number of tries; that sharing is lawful is noted."""
    lead = act.desk.settings.safeguarding_lead or act.incident.owner
    tries = len(contact.details.get("tries", ()))
    title = f"Safeguarding: look at the contact of task {contact.number} before anyone tries again"
    key = f"safeguarding:{contact.id}:{tries}"
    task = open_task(act, kind="check", key=key, title=title, why=f"{why} {MAY_SHARE}", assignee=lead)
    if lead and task.opened_at == act.now:
        act.session.add(_alert(act, contact, lead, title))
    act.journal(f"task {contact.number}", safeguarding=lead, why=why, noted=MAY_SHARE)
    return task


def _alert(act: Act, contact: Task, lead: str, title: str) -> Alert:
    known = {
        "reference": act.incident.reference,
        "matter": title,
        "next_step": NEXT.format(act.incident.reference),
        "now_at": act.now,
        "since_at": contact.opened_at,
        "zone": act.incident.time_zone,
        "exercise": act.incident.sealed,
        "law_as_of": act.incident.law_as_of,
    }
    text = alert("waiting_for_you", known)
    return Alert(
        incident_id=act.incident.id,
        sealed=act.incident.sealed,
        kind="safeguarding",
        recipient=lead,
        subject=text.subject,
        text=text.text,
        state="queued",
        queued_at=act.now,
    )


def _listener(act: Act, notice: Notice) -> Person:
    """Whose ear it was: the person's own, or their guardian's."""
    person = act.session.get_one(Person, notice.person_id)
    through = notice.told_to == "guardian" and person.guardian_id is not None
    return act.session.get_one(Person, person.guardian_id) if through else person


def _without(details: Details, number: str) -> Details:
    """The same without this number; a safe contact goes with the number that it was about."""
    gone = {column for column in ("phone", "safe_number") if details.get(column) == number}
    if "safe_number" in gone:
        gone |= {"safe_channel", *OF_A_SAFE_CONTACT}
    return Details({column: cell for column, cell in details.cells.items() if column not in gone})
