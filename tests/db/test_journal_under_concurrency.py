"""Many hands write one journal at once: numbers without gaps, one chain, nothing lost."""

from concurrent.futures import ThreadPoolExecutor

from actions import clock
from actions.journal import append
from db.queries.journal import verify
from db.session import Database, reading
from db.transaction import writing

HANDS, EACH = 6, 8


def test_entries_written_at_once_follow_each_other_without_gaps(database_url: str) -> None:
    database = Database(database_url)
    with writing(database) as session:
        append(session, "shared", {"act": "begin", "at": clock.now()})

    def write(hand: int) -> None:
        own = Database(database_url)
        for turn in range(EACH):
            with writing(own) as session:
                append(session, "shared", {"hand": hand, "turn": turn})
        own.close()

    with ThreadPoolExecutor(HANDS) as hands:
        list(hands.map(write, range(HANDS)))
    with reading(database) as session:
        verdict = verify(session, "shared")
    database.close()
    assert (verdict.faults, verdict.entries) == ((), 1 + HANDS * EACH)


def test_two_who_begin_a_chain_at_once_leave_one_sound_chain(database_url: str) -> None:
    def begin(hand: int) -> bool:
        own = Database(database_url)
        try:
            with writing(own) as session:
                append(session, "new", {"hand": hand})
        except Exception as error:  # noqa: BLE001 - the loser may be refused, in either database's own words
            assert "UNIQUE" in str(error).upper()
            return False
        finally:
            own.close()
        return True

    with ThreadPoolExecutor(2) as hands:
        begun = list(hands.map(begin, range(2)))
    database = Database(database_url)
    with reading(database) as session:
        verdict = verify(session, "new")
    database.close()
    assert any(begun)
    assert (verdict.faults, verdict.entries) == ((), sum(begun))
