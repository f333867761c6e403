"""A dashboard that really listens, on a home of its own; what a flow would do is done at its desk."""

import socket
import threading
from pathlib import Path
from typing import Any

import uvicorn
from pydantic import SecretStr

from actions.append_facts import Known
from actions.deliver import deliver
from actions.desk import Desk, find
from actions.found import found
from actions.record_facts import record_facts
from db.queries.notices import wave_by_number
from settings.model import Settings
from tests.accounts import a_phone, a_token, an_account, seen
from tests.conftest import MANAGER, OFFICER
from tests.flows.parts import until
from tests.ledger import OWN_STORY, STORY, WRITER
from web.roles import ADMINISTRATOR, APPROVER, AUDITOR, REPORTER, RESPONDER
from web.roles import MANAGER as MANAGES
from web.serve import server
from web.under_way import UnderWay

KEY = "an-invented-key_0123"
PEOPLE = {
    MANAGER: (MANAGES, RESPONDER),
    OFFICER: (APPROVER,),
    WRITER: (RESPONDER,),
    "auditor@example.org": (AUDITOR,),
    "reporter@example.org": (REPORTER,),
    "administrator@example.org": (ADMINISTRATOR,),
}


def a_small_office(folder: Path, database: str) -> Settings:
    """Settings of a deployment that sends five notices a second into a folder."""
    made = Settings(
        home=folder / "home",
        outbox=folder / "outbox",
        database_url=database,
        actor=MANAGER,
        owner=MANAGER,
        data_protection_officer=OFFICER,
        organisation="Example Office",
        contact_name="Data Protection Officer",
        contact_email="dpo@example.org",
        contact_phone="020 7946 0018",
        intake_key=SecretStr(KEY),
        rate_per_second=5,
        window=4,
    )
    found(made)
    return made


class House:
    """One deployment: settings, a desk of the incident manager, a server, and who has an account."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = int(free.getsockname()[1])
        away = {"web_port": port, "prefect_api_url": "http://127.0.0.1:9/api"}
        self.settings = settings.model_copy(update=away)
        self.folder, self.url = folder, f"http://127.0.0.1:{port}"
        self.desk = Desk(self.settings, MANAGER)
        self._server: uvicorn.Server = server(self.settings)
        self._thread = threading.Thread(target=self._server.run, name="dashboard")
        self.tokens: dict[str, str] = {}

    def start(self) -> "House":
        """Serve, and give everyone an account."""
        self._thread.start()
        for name, roles in PEOPLE.items():
            an_account(self.desk, name, *roles)
            self.tokens[name] = self.token(name, {MANAGES, APPROVER, ADMINISTRATOR} & set(roles))
        until(lambda: self._server.started)
        return self

    def token(self, name: str, with_phone: object = False) -> str:
        """A new session of this name, completed by a second factor that is set up now."""
        token = a_token(self.desk, name)
        if with_phone:
            a_phone(self.desk, seen(self.desk, token))
        return token

    def tell(self, reference: str) -> None:
        """The whole story, from someone who then may not approve it."""
        told = [Known(name, value, "test") for name, value in (STORY | OWN_STORY).items()]
        record_facts(self.desk.acting_as(WRITER), reference, told)

    def send(self, reference: str, number: int) -> threading.Thread:
        """Play the flow that a launch wishes for: send what the wave has queued, at five notices a second."""
        with self.desk.reading() as session:
            wave = wave_by_number(session, find(session, reference).id, number)
        assert wave is not None
        sender = threading.Thread(target=deliver, args=(self.desk.acting_as("system"), wave.id))
        sender.start()
        return sender

    def sent(self) -> int:
        """How many notices left the building, over all waves."""
        return len(list((self.folder / "outbox").rglob("*.eml")))

    @property
    def under_way(self) -> UnderWay:
        """The long lists that this dashboard takes in."""
        inside: Any = self._server.config.app
        lists: UnderWay = inside.state.house.under_way
        return lists

    def end(self) -> None:
        """Stop serving."""
        self._server.should_exit = True
        self._thread.join()
        self.desk.close()
