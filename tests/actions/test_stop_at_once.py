"""The brake, while a worker is sending: after it no more leaves than what was in the air."""

import time as wall
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from actions.deliver import deliver
from actions.desk import Desk
from actions.stop_wave import pause_wave, stop_wave
from tests.conftest import MANAGER
from tests.delivery import a_wave, states, taken
from tests.fakes.sendgrid import FakeSendGrid

PEOPLE, WINDOW = 300, 8


@pytest.mark.parametrize("brake", [pause_wave, stop_wave])
def test_after_the_brake_no_more_leaves_than_was_in_the_air(
    sender: Desk, fake: FakeSendGrid, tmp_path: Path, brake: Callable[..., Any]
) -> None:
    incident, wave = a_wave(sender, tmp_path, PEOPLE)
    settings = sender.settings.model_copy(update={"window": WINDOW, "rate_per_second": 150.0})
    with Desk(settings, MANAGER, database=sender.database) as worker:
        sending = Thread(target=deliver, args=(worker, wave.id))
        sending.start()
        while len(taken(fake)) < 2 * WINDOW and sending.is_alive():
            wall.sleep(0.001)
        brake(sender, incident.id, 1, "wrong list")
        seen = len(taken(fake))
        sending.join()
    left, rest = len(taken(fake)), "queued" if brake is pause_wave else "cancelled"
    assert seen >= 2 * WINDOW
    assert left - seen <= WINDOW
    assert left < PEOPLE, "everything had left before the brake was pulled: the test proves nothing"
    assert set(taken(fake).values()) == {1}
    assert states(sender, wave) == {"accepted": left, rest: PEOPLE - left}
