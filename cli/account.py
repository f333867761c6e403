"""`forthwith account`: who may sign in to the dashboard, and what they may do."""

from typing import Annotated, Any

import typer

from actions import clock
from actions.add_account import add_account
from actions.disable_account import disable_account, enable_account
from actions.second_factor import reset_second_factor
from actions.set_password import set_password
from actions.set_roles import set_roles
from actions.sign_in import revoke_sessions
from cli.door import Door, verb
from cli.founding import found_first
from cli.paper import table
from cli.secret import FromStdin, Generate, generated, typed
from cli.words import count
from db.models import Account
from db.models.account import ROLES
from db.queries.accounts import accounts, open_sessions, roles
from db.queries.viewer import NEED_SECOND_FACTOR

app = typer.Typer(no_args_is_help=True)
Name = Annotated[
    str, typer.Argument(help="The account, best an e-mail address as the settings name people.", show_default=False)
]


@app.command("add")
@verb
def add(
    door: Door,
    name: Name,
    role: Annotated[
        list[str], typer.Option("--role", help=f"{', '.join(ROLES)}; may be given again.", show_default=False)
    ],
    display: Annotated[
        str, typer.Option("--name", metavar="WORDS", help="How people call them.", show_default="NAME")
    ] = "",
    email: Annotated[str, typer.Option(help="Their address.", show_default="NAME, where it is one")] = "",
    from_stdin: FromStdin = False,
    generate: Generate = False,
) -> None:
    """Add an account; the first one on a machine sets it up on the way."""
    password = generated() if generate else typed(from_stdin)
    found_first(door)
    with door.desk() as desk:
        with desk.reading() as session:
            own = not generate and (name.strip().lower() == door.actor.lower() or not accounts(session))
        made = add_account(desk, name, password, role, display_name=display, email=email, must_change_password=not own)
    _answer(door, f"{made.name} may sign in now.", made.name, password if generate else "")


@app.command("list")
@verb
def list_accounts(door: Door) -> None:
    """List the accounts, what each may do, and how many browsers each is signed in with."""
    with door.desk() as desk, desk.reading() as session:
        given, open_ = roles(session), open_sessions(session, clock.now())
        told = [_told(one, given.get(one.id, frozenset()), open_.get(one.id, 0)) for one in accounts(session)]
    if not told:
        door.answer(
            {"accounts": []}, "There is no account; 'forthwith account add NAME --role administrator' makes the first."
        )
        return
    rows = (
        (one["name"], ", ".join(one["roles"]), one["state"], str(one["sessions"]), one["display_name"]) for one in told
    )
    door.answer({"accounts": told}, table(("account", "roles", "state", "signed in", "name"), rows))


@app.command("roles")
@verb
def change_roles(
    door: Door,
    name: Name,
    wanted: Annotated[list[str], typer.Argument(metavar="ROLE...", help=f"{', '.join(ROLES)}.", show_default=False)],
) -> None:
    """Give an account these roles, and take every other one."""
    with door.desk() as desk:
        given = set_roles(desk, name, wanted)
    door.answer({"account": name.strip().lower(), "roles": given}, f"{name} is now {', '.join(given)}.")


@app.command("password")
@verb
def change_password(door: Door, name: Name, from_stdin: FromStdin = False, generate: Generate = False) -> None:
    """Set a new password; whoever it is for signs in anew, and changes it unless it is their own."""
    password = generated() if generate else typed(from_stdin)
    own = not generate and name.strip().lower() == door.actor.lower()
    with door.desk() as desk:
        set_password(desk, name, password, must_change=not own)
    _answer(door, "The password is set, and every session of the account is over.", name, password if generate else "")


@app.command("reset-factor")
@verb
def reset_factor(door: Door, name: Name) -> None:
    """Take the second factor back from someone who lost their phone; they set up another at the next sign-in."""
    with door.desk() as desk:
        reset_second_factor(desk, name, own_too=True)
    _answer(door, "The second factor is taken back, and every session of the account is over.", name)


@app.command("sign-out")
@verb
def sign_out(door: Door, name: Name) -> None:
    """End every session of an account."""
    with door.desk() as desk:
        ended = revoke_sessions(desk, name)
    _answer(door, f"{count(ended, 'session')} ended.", name, sessions=ended)


@app.command("disable")
@verb
def disable(door: Door, name: Name) -> None:
    """Let someone in no more, at once and everywhere."""
    with door.desk() as desk:
        disable_account(desk, name)
    _answer(door, "The account is disabled, and every session of it is over.", name)


@app.command("enable")
@verb
def enable(door: Door, name: Name) -> None:
    """Let someone in again who was disabled."""
    with door.desk() as desk:
        enable_account(desk, name)
    _answer(door, "The account is enabled again, with the password and the roles that it had.", name)


def _answer(door: Door, sentence: str, name: str, password: str = "", **told: Any) -> None:
    shown = {"password": password} if password else {}
    page = [f"The password, shown this once: {password}"] if password else []
    door.answer({"account": name.strip().lower(), "done": sentence, **told, **shown}, sentence, *page)


def _told(account: Account, given: frozenset[str], sessions: int) -> dict[str, Any]:
    names = ("name", "display_name", "email", "made_at", "made_by", "disabled_at", "must_change_password")
    return {name: getattr(account, name) for name in names} | {
        "roles": [role for role in ROLES if role in given],
        "second_factor": account.totp_confirmed_at is not None,
        "sessions": sessions,
        "state": _state(account, given),
    }


def _state(account: Account, given: frozenset[str]) -> str:
    if account.disabled_at:
        return "disabled"
    if account.totp_confirmed_at:
        return "second factor"
    return "second factor to be set up" if given & NEED_SECOND_FACTOR else "password only"
