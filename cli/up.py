"""`forthwith up`: runs Forthwith on this machine until Ctrl-C."""

import asyncio
import os
import socket

from actions import clock
from actions.errors import Conflict
from actions.found import Founded, found
from cli.door import Door, verb
from cli.paper import Whole
from db.queries.accounts import accounts
from flows.environment import page
from flows.fresh import lay_down
from flows.lock import Taken, only_one
from flows.part import end_orphans, parts
from flows.supervisor import Supervisor


@verb
def up(door: Door) -> None:
    """Run Forthwith on this machine until Ctrl-C."""
    began = clock.ticks()
    settings = door.settings
    if settings.prefect_api_url:
        raise Conflict(
            "FORTHWITH_PREFECT_API_URL names a Prefect server of your own, so there is none to start here; "
            "serve it with: prefect worker start --pool forthwith. To run everything on this machine, unset it."
        )
    os.umask(0o077)
    settings.home.mkdir(parents=True, exist_ok=True)
    try:
        with only_one(settings.home / "up.lock"):
            founded = found(settings, door.actor)
            places = _places(door)
            lines = (Whole(f"{label:<12}  {place}") for label, place in places.items())
            door.answer({"starting": True, **places}, *lines, *_no_account(door), *_warning(founded))
            _run(door, began)
    except Taken as holder:
        raise Conflict(
            f"Forthwith is already up here, as process {holder}; stop that one, or choose another --home."
        ) from None


def _run(door: Door, began: float) -> None:
    settings = door.settings
    lay_down(settings.home / "prefect")
    own = parts(settings)
    for part in own:
        end_orphans(part)
    _check_port(settings.prefect_port, "127.0.0.1", "FORTHWITH_PREFECT_PORT")
    _check_port(settings.web_port, settings.web_host, "FORTHWITH_WEB_PORT")

    def tell(who: str, what: str) -> None:
        after = f" after {clock.ticks() - began:.1f} s; Ctrl-C stops" if what == "ready" else ""
        door.note(f"{who}: {what}{after}")

    asyncio.run(Supervisor(own, tell).run())


def _check_port(port: int, host: str, setting: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise Conflict(
                f"Port {port} of {host} cannot be used, another program may have it; set {setting} to a free one."
            ) from None


def _places(door: Door) -> dict[str, str]:
    settings = door.settings
    with door.desk() as desk:
        database = desk.database.url.render_as_string(hide_password=True)
    return {
        "home": str(settings.home),
        "database": database,
        "master key": str(settings.key_file),
        "outbox": str(settings.outbox_folder),
        "logs": str(settings.home / "log"),
        "dashboard": settings.web_url,
        "prefect": page(settings),
    }


def _no_account(door: Door) -> list[str]:
    with door.desk() as desk, desk.reading() as session:
        known = accounts(session)
    return (
        [] if known else ["Nobody has an account yet: forthwith account add NAME --role administrator --role manager"]
    )


def _warning(founded: Founded) -> list[str]:
    if not founded.made_key:
        return []
    return [
        f"A master key was made: {founded.key_file}. Back it up apart from the database. Whoever has both can read the people's "
        "data; without it nobody can, ever again."
    ]
