"""Who may know of an incident: restricting it, its members, lifting it again."""

from typing import Any

from sqlalchemy.orm import Session

from actions.restrict import add_member, lift_restriction, remove_member, restrict
from db.models import Incident
from db.queries.accounts import accounts
from db.queries.visible import members
from web.forms import Field, Form
from web.visit import Visit

WHY = Field("reasons", "Reasons", "text", hint="Name no affected person.")


def close_off(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Only members may know of it from now on."""
    names = restrict(visit.desk(), reference, said["members"], said["reasons"])
    return f"Restricted: only {', '.join(names)} may know of it now."


def let_in(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """One more member."""
    add_member(visit.desk(), reference, said["member"], said["reasons"])
    return f"{said['member']} may know of it now."


def let_out(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """One member less."""
    remove_member(visit.desk(), reference, said["member"], said["reasons"])
    return f"{said['member']} may know of it no more."


def lift(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """The whole team may know of it again."""
    lift_restriction(visit.desk(), reference, said["reasons"])
    return "The restriction is lifted: the whole team may know of it."


def _all(session: Session, incident: Incident) -> dict[str, str]:
    return {one.name: one.display_name or one.name for one in accounts(session) if one.disabled_at is None}


def _members(session: Session, incident: Incident) -> dict[str, str]:
    return {account.name: account.display_name or account.name for _, account in members(session, incident.id)}


FORMS = (
    Form(
        "restrict",
        "Restrict who may know of it",
        "It disappears for everyone else, from lists, counts and search. You stay a member.",
        close_off,
        (Field("members", "Members", "many", choices=_all), WHY),
        part="hands",
        grave=True,
    ),
    Form(
        "add-member",
        "Add a member",
        "They may know of this incident from now on.",
        let_in,
        (Field("member", "Account", "choice", choices=_all), WHY),
        part="hands",
    ),
    Form(
        "remove-member",
        "Remove a member",
        "They may know of it no more; one member always stays.",
        let_out,
        (Field("member", "Account", "choice", choices=_members), WHY),
        part="hands",
    ),
    Form(
        "lift-restriction",
        "Lift the restriction",
        "The whole team may know of it again.",
        lift,
        (WHY,),
        part="hands",
        grave=True,
    ),
)
