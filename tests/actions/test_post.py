"""Whatever waits for its turn when the lease may be over is not sent, whichever way it would go."""

import time as wall
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from actions import clock
from actions.claims import Answer, Claim
from actions.desk import Desk
from actions.post import Post
from actions.ways import channels_of
from channels.outcome import Accepted, Halt, TryAgain
from tests.delivery import a_wave, claim_all, taken
from tests.fakes.sendgrid import FakeSendGrid


class Waiting:
    """The channel of the settings, without what lets it be one request: it is waited for by threads."""

    def __init__(self, real: Any) -> None:
        self.name, self.kind = real.name, real.kind
        self.check, self.send, self.evidence, self.close = real.check, real.send, real.evidence, real.close


@pytest.fixture(params=[False, True], ids=["as a request", "by threads"])
def posted(sender: Desk, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., list[Answer]]:
    """Gives three notices to the post, lets something happen to it and to them, and hears what came of each."""

    def go(meanwhile: Callable[[Post], object], change: Callable[[Claim], Claim] = lambda one: one) -> list[Answer]:
        _, wave = a_wave(sender, tmp_path, 3)
        _, claims = claim_all(sender, wave)
        real = channels_of(sender.settings, None)["email"]
        with Post({"email": Waiting(real) if request.param else real}, str(wave.id), 3) as post:
            meanwhile(post)
            for one in claims:
                post.give(change(one))
            found = list[tuple[Claim, Answer]]()
            while post.flying:
                found += post.answers(1.0, 0.0, 3)
        real.close()
        assert {one.nid for one, _ in found} == {one.nid for one in claims}
        return [answer for _, answer in found]

    return go


def let(post: Post, seconds: float) -> None:
    post.may_send_until = clock.ticks() + seconds


def test_within_the_lease_each_is_handed_over(posted: Callable[..., list[Answer]], fake: FakeSendGrid) -> None:
    assert [type(one) for one in posted(lambda post: let(post, 60))] == [Accepted] * 3
    assert set(taken(fake).values()) == {1}


def test_when_the_lease_may_be_over_nothing_leaves(posted: Callable[..., list[Answer]], fake: FakeSendGrid) -> None:
    assert [type(one) for one in posted(lambda post: let(post, -1))] == [TryAgain] * 3
    assert taken(fake) == {}


def test_what_is_not_what_was_approved_halts(posted: Callable[..., list[Answer]], fake: FakeSendGrid) -> None:
    answers = posted(lambda post: let(post, 60), lambda one: replace(one, content=None))
    assert [type(one) for one in answers] == [Halt] * 3
    assert taken(fake) == {}


def test_what_waits_when_the_run_ends_is_not_sent(sender: Desk, tmp_path: Path, fake: FakeSendGrid) -> None:
    _, wave = a_wave(sender, tmp_path, 3)
    _, claims = claim_all(sender, wave)
    real = channels_of(sender.settings, None)["email"]
    fake.faults.then("held")
    with pytest.raises(ZeroDivisionError), Post({"email": Waiting(real)}, str(wave.id), 1) as post:
        let(post, 60)
        for one in claims:
            post.give(one)
        while not fake.server.requests:
            wall.sleep(0.001)
        Timer(0.3, fake.server.release.set).start()
        raise ZeroDivisionError
    real.close()
    assert sum(taken(fake).values()) == 1
