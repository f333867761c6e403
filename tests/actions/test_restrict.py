"""A restricted incident is seen, counted and found by its members alone, whatever anyone's role."""

import json
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from actions.declare import Declaration, declare
from actions.desk import Desk
from actions.disable_account import disable_account
from actions.errors import Conflict, NotFound
from actions.restrict import add_member, lift_restriction, remove_member, restrict
from actions.view_flagged import view_flagged
from db.models import Incident, Person
from db.models.account import ROLES
from db.queries.journal import entries, verify
from db.queries.viewer import Viewer
from db.queries.visible import members, visible
from tests.accounts import ADA, a_viewer, an_account
from tests.builders import an_incident
from tests.conftest import MANAGER, OFFICER, Time
from tests.ledger import customers, enter

BOB = "bob@example.org"
WHY = "The accused works in this team."


def sees(desk: Desk, viewer: Viewer) -> set[str]:
    """The titles that this viewer gets."""
    with desk.reading() as session:
        return set(session.scalars(sa.select(Incident.title).where(visible(viewer))))


def members_of(desk: Desk, incident: UUID) -> list[str]:
    with desk.reading() as session:
        return [account.name for _, account in members(session, incident)]


def acts_on(desk: Desk, incident: UUID) -> list[tuple[str, str, str]]:
    with desk.reading() as session:
        assert verify(session, str(incident)).sound
        return [
            (body["act"], body["subject"], json.dumps(body["details"]))
            for _, _, _, body in entries(session, str(incident))
        ]


def test_no_role_sees_what_it_is_no_member_of(desk: Desk, time: Time) -> None:
    an_incident(desk, "Open")
    secret = an_incident(desk, "Secret")
    member = a_viewer(desk, ADA, "reporter")
    others = [a_viewer(desk, f"a.{role}@example.org", role) for role in ROLES]
    assert sees(desk, member) == {"Open", "Secret"}
    assert restrict(desk, secret.id, [ADA], WHY) == [ADA]
    assert sees(desk, member) == {"Open", "Secret"}
    assert [sees(desk, other) for other in others] == [{"Open"}] * len(ROLES)


def test_membership_of_one_incident_opens_no_other(desk: Desk, time: Time) -> None:
    first, second = an_incident(desk, "First"), an_incident(desk, "Second")
    ada, bob = a_viewer(desk), a_viewer(desk, BOB)
    restrict(desk, first.id, [ADA], WHY)
    restrict(desk, second.id, [BOB], WHY)
    assert (sees(desk, ada), sees(desk, bob)) == ({"First"}, {"Second"})


def test_who_restricts_becomes_a_member(desk: Desk, time: Time) -> None:
    an_account(desk, MANAGER)
    an_account(desk)
    incident = an_incident(desk)
    assert restrict(desk, incident.id, [ADA, ADA.upper()], WHY) == [ADA, MANAGER]
    assert members_of(desk, incident.id) == [ADA, MANAGER]


def test_a_restriction_names_members_who_can_sign_in_and_says_why(desk: Desk, time: Time) -> None:
    incident = an_incident(desk)
    an_account(desk)
    an_account(desk, BOB)
    disable_account(desk, BOB)
    refusals = (([ADA], " ", "Say in a sentence"), ([], WHY, "at least one"), ([BOB], WHY, "disabled"))
    for names, reasons, says in refusals:
        with pytest.raises(Conflict, match=says):
            restrict(desk, incident.id, names, reasons)
    with pytest.raises(NotFound, match="no account"):
        restrict(desk, incident.id, [ADA, "nobody@example.org"], WHY)
    assert members_of(desk, incident.id) == []
    restrict(desk, incident.id, [ADA], WHY)
    with pytest.raises(Conflict, match="already"):
        restrict(desk, incident.id, [ADA], WHY)


def test_members_come_and_go_but_one_who_can_sign_in_stays(desk: Desk, time: Time) -> None:
    incident = an_incident(desk)
    ada, bob = a_viewer(desk), a_viewer(desk, BOB)
    restrict(desk, incident.id, [ADA], WHY)
    with pytest.raises(Conflict, match="last member"):
        remove_member(desk, incident.id, ADA)
    add_member(desk, incident.id, BOB, "knows the disc")
    add_member(desk, incident.id, BOB)
    remove_member(desk, incident.id, ADA.upper())
    assert (sees(desk, ada), sees(desk, bob)) == (set(), {"Lost discs"})
    with pytest.raises(NotFound, match="no member"):
        remove_member(desk, incident.id, ADA)
    add_member(desk, incident.id, ADA)
    disable_account(desk, ADA)
    with pytest.raises(Conflict, match="last member"):
        remove_member(desk, incident.id, BOB)


def test_lifting_it_shows_it_to_all_and_forgets_the_members(desk: Desk, time: Time) -> None:
    incident = an_incident(desk)
    ada, bob = a_viewer(desk), a_viewer(desk, BOB)
    restrict(desk, incident.id, [ADA], WHY)
    with pytest.raises(Conflict, match="Say in a sentence"):
        lift_restriction(desk, incident.id, "")
    lift_restriction(desk, incident.id, "It was nobody here.")
    assert sees(desk, bob) == {"Lost discs"}
    restrict(desk, incident.id, [BOB], WHY)
    assert sees(desk, ada) == set()


def test_what_is_not_restricted_has_no_members(desk: Desk, time: Time) -> None:
    incident = an_incident(desk)
    an_account(desk)
    for act in (
        lambda: add_member(desk, incident.id, ADA),
        lambda: remove_member(desk, incident.id, ADA),
        lambda: lift_restriction(desk, incident.id, WHY),
    ):
        with pytest.raises(Conflict, match="not restricted"):
            act()


def test_every_step_is_in_the_incidents_own_journal(desk: Desk, time: Time) -> None:
    incident = an_incident(desk)
    an_account(desk)
    an_account(desk, BOB)
    before = len(acts_on(desk, incident.id))
    restrict(desk, incident.id, [ADA], WHY)
    add_member(desk, incident.id, BOB, "knows the disc")
    add_member(desk, incident.id, BOB)
    remove_member(desk, incident.id, ADA)
    lift_restriction(desk, incident.id, "It was nobody here.")
    told = acts_on(desk, incident.id)[before:]
    assert [(act, subject) for act, subject, _ in told] == [
        ("restrict", "restriction"),
        ("add_member", BOB),
        ("remove_member", ADA),
        ("lift_restriction", "restriction"),
    ]
    assert WHY in told[0][2]
    assert "knows the disc" in told[1][2]


def test_an_incident_declared_restricted_is_seen_by_those_named_on_it(desk: Desk, time: Time) -> None:
    manager, officer, other = a_viewer(desk, MANAGER), a_viewer(desk, OFFICER), a_viewer(desk)
    declared = declare(desk, Declaration("Secret", {"events.detected": "2026-11-20T10:00+00:00"}, restricted=True))
    assert (sees(desk, manager), sees(desk, officer), sees(desk, other)) == ({"Secret"}, {"Secret"}, set())
    assert members_of(desk, declared.id) == [MANAGER, OFFICER]
    assert ("restrict", "restriction", json.dumps({"members": [MANAGER, OFFICER]})) in acts_on(desk, declared.id)


def test_a_look_at_a_flagged_person_is_recorded_and_one_at_another_is_not(
    desk: Desk, time: Time, tmp_path: Path
) -> None:
    declared = an_incident(desk)
    incident = declared.id
    enter(desk, declared, tmp_path, [*customers(1), {"reference": "V", "kind": "victim", "email": "v@example.org"}])
    with desk.reading() as session:
        flagged = {person.flagged: person.number for person in session.scalars(sa.select(Person))}
    before = len(acts_on(desk, incident))
    reader = desk.acting_as(ADA)
    assert not view_flagged(reader, incident, flagged[False]).person.flagged
    assert len(acts_on(desk, incident)) == before
    assert view_flagged(reader, incident, flagged[True]).person.flagged
    assert acts_on(desk, incident)[before:] == [("view_flagged", f"person {flagged[True]}", "{}")]
    with pytest.raises(NotFound, match="no person"):
        view_flagged(reader, incident, 99)
