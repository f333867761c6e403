"""What the guard lets through to Prefect, and what it writes to the protected log."""

import asyncio
import inspect
import stat
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from actions.errors import Conflict
from flows.guard import LOG, StepFailed, StepRefused, guarded, keep

VICTIM = "Jane Doe jane.doe@example.org 07700 900123"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FORTHWITH_HOME", str(tmp_path))
    return tmp_path


def failure_of(work: Callable[[], Awaitable[object]]) -> StepFailed:
    with pytest.raises(StepFailed) as caught:
        asyncio.run(guarded(work)())  # type: ignore[arg-type]  # a coroutine function is what is guarded
    return caught.value


async def _with_a_cause() -> None:
    person = VICTIM
    try:
        int(person)
    except ValueError as error:
        raise RuntimeError(f"cannot count {person}") from error


async def _in_a_group() -> None:
    raise ExceptionGroup(VICTIM, [KeyError(VICTIM), ValueError(VICTIM)])


async def _from_another_thread() -> None:
    def fail() -> None:
        raise LookupError(VICTIM)

    await asyncio.to_thread(fail)


async def _with_a_note() -> None:
    error = RuntimeError(VICTIM)
    error.add_note(VICTIM)
    raise error


class _NamedByItsText(Exception):
    """An exception whose text is computed from what it holds."""

    def __str__(self) -> str:
        return VICTIM


async def _of_our_own() -> None:
    raise _NamedByItsText


FAULTS = [_with_a_cause, _in_a_group, _from_another_thread, _with_a_note, _of_our_own]


@pytest.mark.parametrize("fault", FAULTS)
def test_no_text_of_an_exception_passes(fault: Callable[[], Awaitable[object]], home: Path) -> None:
    failure = failure_of(fault)
    shown = "".join(traceback.format_exception(failure)) + repr(failure) + repr(failure.args)
    written = (home / "log" / LOG).read_text()
    for word in VICTIM.split():
        assert word not in shown
        assert word not in written


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_hangs_on_the_failure_that_passes(fault: Callable[[], Awaitable[object]]) -> None:
    failure = failure_of(fault)
    assert (failure.__cause__, failure.__context__) == (None, None)


def test_the_log_holds_the_trace_under_the_reference_that_is_told(home: Path) -> None:
    told = str(failure_of(_with_a_cause))
    kind, reference = told.split(";")[0], told.rsplit(" ", 1)[1]
    written = (home / "log" / LOG).read_text()
    assert kind == "builtins.RuntimeError"
    assert f"ref {reference}\n" in written
    assert "int(person)" in written, "the line of code that failed"
    assert written.index("ValueError") < written.index("which led to") < written.index("builtins.RuntimeError")


def test_only_the_owner_may_read_the_log(home: Path) -> None:
    failure_of(_of_our_own)
    assert stat.S_IMODE((home / "log" / LOG).stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "log").stat().st_mode) == 0o700


def test_a_failure_that_cannot_be_logged_is_told_all_the_same(home: Path) -> None:
    (home / "log").write_text("a file where the folder should be")
    assert str(failure_of(_of_our_own)).endswith("the trace could not be kept")


def test_a_refusal_is_told_in_its_own_words() -> None:
    async def refused() -> None:
        raise Conflict("FW-2026-0001 is closed.")

    failure = failure_of(refused)
    assert isinstance(failure, StepRefused)
    assert str(failure) == "Refused: FW-2026-0001 is closed."


def test_a_guarded_step_inside_a_guarded_flow_is_told_once() -> None:
    inner = guarded(_of_our_own)
    told = str(failure_of(inner))
    assert told.count("ref ") == 1


def test_a_database_s_code_is_told_its_text_is_not(home: Path) -> None:
    try:
        with create_engine("sqlite://").connect() as connection:
            connection.execute(text("SELECT :name FROM victims"), {"name": VICTIM})
    except OperationalError as error:
        told = keep(error)
    assert told.startswith("sqlalchemy.exc.OperationalError (SQLITE_ERROR);")
    assert VICTIM not in (home / "log" / LOG).read_text()


def test_what_stops_a_process_is_not_held_up() -> None:
    async def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(guarded(interrupted)())


def test_prefect_still_sees_the_parameters() -> None:
    @guarded
    async def step(incident_id: UUID) -> UUID:
        return incident_id

    assert list(inspect.signature(step).parameters) == ["incident_id"]
    assert asyncio.run(step(one := uuid4())) == one
