"""Accounts: made, changed and disabled by acts that are in the house's journal, and never without an administrator."""

import json
import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.add_account import add_account
from actions.change_password import change_password
from actions.desk import Desk
from actions.disable_account import disable_account, enable_account
from actions.errors import Conflict, NotFound, NotSignedIn, TooManyTries
from actions.passwords import SHORTEST, refuse_weak
from actions.set_password import set_password
from actions.set_roles import set_roles
from actions.sign_in import sign_in, viewer_of
from actions.throttle import FREE_BY_NAME
from db.models.account import ROLES
from db.queries.accounts import accounts, administrators
from db.queries.journal import entries, verify
from settings.model import Settings
from tests.accounts import ADA, HOME, PASSWORD, a_token, a_viewer, an_account, seen
from tests.conftest import Time

BOB, NEW = "bob@example.org", "seven slow swans swim"


def house_acts(desk: Desk) -> list[tuple[str, str, str]]:
    """Act, subject and details of the house's journal, which must hold."""
    with desk.reading() as session:
        assert verify(session, "house").sound
        return [
            (body["act"], body.get("subject", ""), json.dumps(body["details"]))
            for _, _, _, body in entries(session, "house")
            if body["act"] != "found"
        ]


def test_an_account_is_made_with_its_roles_and_the_journal_says_by_whom(desk: Desk, time: Time) -> None:
    account = add_account(desk, " Ada@Example.org ", PASSWORD, ["auditor", "manager", "manager"])
    assert (account.name, account.email, account.made_by) == (ADA, ADA, desk.actor)
    assert account.must_change_password
    assert house_acts(desk) == [("add_account", ADA, '{"roles": ["manager", "auditor"]}')]


@pytest.mark.parametrize(
    "name",
    ["", "a", "-ada", "a da", "a\nda", "a\0da", "a\udcffda", "system", "house", "a" * 101, "ada/../x", "ада", "<b>"],
)
def test_a_name_that_could_be_mistaken_for_another_is_refused(desk: Desk, time: Time, name: str) -> None:
    with pytest.raises(Conflict, match="name"):
        add_account(desk, name, PASSWORD, ["responder"])


def test_a_name_is_given_once(desk: Desk, time: Time) -> None:
    an_account(desk)
    with pytest.raises(Conflict, match="already"):
        an_account(desk, ADA.upper())


@pytest.mark.parametrize("roles", [[], ["king"], ["manager", "king"]])
def test_a_role_is_one_of_six(desk: Desk, time: Time, roles: list[str]) -> None:
    with pytest.raises(Conflict, match="administrator"):
        add_account(desk, ADA, PASSWORD, roles)
    an_account(desk)
    with pytest.raises(Conflict, match="administrator"):
        set_roles(desk, ADA, roles)


@pytest.mark.parametrize(
    "password", ["", "short", "ada@example.org", "ADA@example.org1!", "adaadaadaada", "a" * 40, "x" * 1001]
)
def test_a_weak_password_is_refused_everywhere(desk: Desk, time: Time, password: str) -> None:
    viewer = a_viewer(desk)
    for act in (
        lambda: add_account(desk, ADA, password, ["responder"]),
        lambda: set_password(desk, ADA, password),
        lambda: change_password(desk, viewer.account_id, PASSWORD, password),
    ):
        with pytest.raises(Conflict, match="password"):
            act()


@given(st.text(min_size=SHORTEST, max_size=200).filter(lambda text: len(set(text.lower())) > 12))
def test_any_sentence_is_a_password(password: str) -> None:
    refuse_weak(password, "zz")


def test_the_same_password_from_another_keyboard_signs_in(desk: Desk, time: Time) -> None:
    add_account(desk, ADA, "cafe\u0301 au lait, please", ["responder"])
    assert sign_in(desk, ADA, "caf\u00e9 au lait, please", HOME).token


def test_roles_count_from_the_next_click_on(desk: Desk, time: Time) -> None:
    an_account(desk)
    token = a_token(desk)
    assert set_roles(desk, ADA, ["auditor", "reporter"]) == ("reporter", "auditor")
    assert seen(desk, token).roles == {"auditor", "reporter"}
    set_roles(desk, ADA, ["auditor", "reporter"])
    assert [act for act, *_ in house_acts(desk)].count("set_roles") == 1, "what changes nothing is not journalled"


def test_a_disabled_account_is_out_at_once_and_everywhere(desk: Desk, time: Time) -> None:
    an_account(desk)
    tokens = [a_token(desk), a_token(desk)]
    disable_account(desk, ADA)
    assert [viewer_of(desk, token) for token in tokens] == [None, None]
    with pytest.raises(NotSignedIn):
        sign_in(desk, ADA, PASSWORD, HOME)
    with pytest.raises(Conflict, match="already"):
        disable_account(desk, ADA)
    enable_account(desk, ADA)
    assert [viewer_of(desk, token) for token in tokens] == [None, None], "an old session does not come back to life"
    assert seen(desk, a_token(desk))
    with pytest.raises(Conflict, match="not disabled"):
        enable_account(desk, ADA)


@pytest.mark.parametrize("act", [disable_account, lambda desk, name: set_roles(desk, name, ["auditor"])])
def test_the_last_administrator_stays(desk: Desk, time: Time, act: Callable[[Desk, str], object]) -> None:
    an_account(desk, ADA, "administrator")
    an_account(desk, BOB, "administrator")
    act(desk, BOB)
    with pytest.raises(Conflict, match="last administrator"):
        act(desk, ADA)
    set_roles(desk, ADA, ["administrator", "manager"])


def test_two_administrators_who_disable_each_other_at_once_leave_one(desk: Desk, settings: Settings) -> None:
    """On desks of their own, each in its own transaction."""
    an_account(desk, ADA, "administrator")
    an_account(desk, BOB, "administrator")
    start, refused = threading.Barrier(2), list[str]()

    def disable(name: str) -> None:
        with Desk(settings, "someone") as own:
            start.wait()
            try:
                disable_account(own, name)
            except Conflict as conflict:
                refused.append(str(conflict))

    threads = [threading.Thread(target=disable, args=(name,)) for name in (ADA, BOB)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    with desk.reading() as session:
        assert len(administrators(session)) == 1


def test_an_own_password_is_changed_with_the_old_one_and_ends_the_other_sessions(desk: Desk, time: Time) -> None:
    add_account(desk, ADA, PASSWORD, ["responder"])
    here, there = a_token(desk), a_token(desk)
    viewer = seen(desk, here)
    assert viewer.must_change_password
    with pytest.raises(NotSignedIn, match="old password"):
        change_password(desk, viewer.account_id, "an idle guess", NEW, viewer.session_id)
    with pytest.raises(Conflict, match="is the old one"):
        change_password(desk, viewer.account_id, PASSWORD, PASSWORD, viewer.session_id)
    change_password(desk, viewer.account_id, PASSWORD, NEW, viewer.session_id)
    assert not seen(desk, here).must_change_password
    assert viewer_of(desk, there) is None
    assert sign_in(desk, ADA, NEW, HOME)
    with pytest.raises(NotSignedIn):
        sign_in(desk, ADA, PASSWORD, HOME)


def test_an_open_browser_is_no_place_to_guess_the_old_password(desk: Desk, time: Time) -> None:
    viewer = a_viewer(desk)
    for _ in range(FREE_BY_NAME):
        with pytest.raises(NotSignedIn, match="not right"):
            change_password(desk, viewer.account_id, "an idle guess", NEW, viewer.session_id)
    with pytest.raises(TooManyTries):
        change_password(desk, viewer.account_id, PASSWORD, NEW, viewer.session_id)


def test_a_password_given_by_someone_else_must_be_changed(desk: Desk, time: Time) -> None:
    an_account(desk)
    token = a_token(desk)
    set_password(desk, ADA, NEW)
    assert viewer_of(desk, token) is None
    assert seen(desk, sign_in(desk, ADA, NEW, HOME).token).must_change_password


@pytest.mark.parametrize(
    "act",
    [
        disable_account,
        enable_account,
        lambda desk, name: set_roles(desk, name, ["auditor"]),
        lambda desk, name: set_password(desk, name, NEW),
    ],
)
def test_an_act_on_nobody_is_refused(desk: Desk, time: Time, act: Callable[[Desk, str], object]) -> None:
    with pytest.raises(NotFound, match="no account"):
        act(desk, "nobody@example.org")


def test_the_journal_tells_every_act_and_no_secret(desk: Desk, time: Time) -> None:
    viewer = a_viewer(desk)
    set_roles(desk, ADA, ["auditor"])
    change_password(desk, viewer.account_id, PASSWORD, NEW, viewer.session_id)
    set_password(desk, ADA, PASSWORD)
    disable_account(desk, ADA)
    enable_account(desk, ADA)
    told = house_acts(desk)
    acts = [
        "add_account",
        "sign_in",
        "set_roles",
        "change_password",
        "set_password",
        "disable_account",
        "enable_account",
    ]
    assert [act for act, *_ in told] == acts
    with desk.reading() as session:
        [account] = accounts(session)
    whole = json.dumps(told)
    for secret in (PASSWORD, NEW, account.password_hash, viewer.csrf):
        assert secret not in whole


def test_every_role_can_be_given(desk: Desk, time: Time) -> None:
    assert set(seen(desk, _token_with_every_role(desk)).roles) == set(ROLES)


def _token_with_every_role(desk: Desk) -> str:
    an_account(desk, ADA, *ROLES)
    return a_token(desk)
