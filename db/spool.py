"""A private place for a list between its checking and its entering: sealed rows and blind indexes only, gone with whoever holds it."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Self

PERSON = (
    "row_key", "row_hash", "kind", "language", "flagged", "flags", "deceased", "details",
    "guardian_verified", "guardian_conflict", "safe_until",
)  # fmt: skip
"""What an arrival has of a person's columns."""
ARRIVAL = ("row", *PERSON, "guardian_key", "named", "reached_by", "digests")
"""And beside them: whom they name as guardian, whether they have a reference of their own, and by which kinds of contact they
are reached (in words, parted by spaces) with the digest of each (one after the other)."""
DIGEST = 32
"""Bytes of a blind index."""
NEW, THERE, LEFT_OUT = 0, 1, 2
"""What becomes of an arrival: entered; on the ledger already, or word for word on the list before; not entered."""

_TABLES = f"""
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;
CREATE TABLE arrivals (row INTEGER PRIMARY KEY, {", ".join(ARRIVAL[1:])}, fate DEFAULT {NEW});
CREATE TABLE likenesses (row, digest);
CREATE TABLE problems (row, place, wrong, do, late);
CREATE TABLE mended (list, row);
CREATE TABLE refused (row INTEGER PRIMARY KEY, row_key);
"""
_SETTLING = f"""
CREATE INDEX IF NOT EXISTS arrival_keys ON arrivals (row_key, row);
DELETE FROM problems WHERE late;
UPDATE arrivals SET fate = {NEW} WHERE fate <> {NEW};
"""
_REPEATED = f"""
SELECT again.row, again.named, again.row_hash = first.row_hash
FROM (SELECT row_key, min(row) AS row FROM arrivals GROUP BY row_key HAVING count(*) > 1) AS twice
JOIN arrivals AS first ON first.row = twice.row
JOIN arrivals AS again ON again.row_key = twice.row_key AND again.row > twice.row
WHERE again.fate = {NEW}
"""
_ALONE = f"""
SELECT DISTINCT guardian_key FROM arrivals AS ward WHERE guardian_key IS NOT NULL AND fate = {NEW}
AND NOT EXISTS (SELECT 1 FROM arrivals AS own WHERE own.row_key = ward.guardian_key AND own.fate <> {LEFT_OUT})
"""
# In the order of their keys, which is the order of the ids: an index that grows at its end grows several times faster.
_RANKING = f"""
DROP TABLE IF EXISTS ranked; DROP TABLE IF EXISTS reached;
CREATE TABLE ranked AS
SELECT row, row_number() OVER (ORDER BY row) AS place, lower(hex(substr(row_key, 1, 16))) AS id
FROM arrivals WHERE fate = {NEW} ORDER BY row_key;
CREATE TABLE reached AS
SELECT id, reached_by, digests FROM ranked CROSS JOIN arrivals ON arrivals.row = ranked.row ORDER BY ranked.rowid;
"""
_RANKED = "FROM ranked CROSS JOIN arrivals ON arrivals.row = ranked.row ORDER BY ranked.rowid"
_LIKE = f"""
FROM (SELECT digest, min(row) AS first FROM likenesses JOIN arrivals USING (row) WHERE fate = {NEW} GROUP BY digest HAVING count(*) > 1)
JOIN likenesses USING (digest) JOIN arrivals USING (row) WHERE fate = {NEW} AND row > first
"""
_BAD = """
SELECT DISTINCT problems.row, coalesce(refused.row_key, arrivals.row_key) FROM problems LEFT JOIN refused USING (row)
LEFT JOIN arrivals ON arrivals.row = problems.row AND place = 'guardian_reference'
"""
Row = tuple[Any, ...]


class Spool:
    """SQLite on a temporary file that has no name any more once it is open: when the process ends, however it ends, it is gone."""

    def __init__(self) -> None:
        # Made in one thread and used by another, never by two at once.
        self._file = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._file.executescript(_TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def keep(self, arrivals: Iterable[Sequence[Any]], likenesses: Iterable[tuple[int, bytes]]) -> None:
        """Append good rows, each in the order of ARRIVAL, and what they may have in common with others."""
        self._file.executemany(f"INSERT INTO arrivals VALUES ({'?, ' * len(ARRIVAL)} {NEW})", arrivals)
        self._file.executemany("INSERT INTO likenesses VALUES (?, ?)", likenesses)

    def note(self, problems: Iterable[tuple[int, str, str, str]], *, late: bool = False) -> None:
        """Keep what is wrong: row, column, what, what to do; *late* where only a comparison with others shows it."""
        self._file.executemany(f"INSERT INTO problems VALUES (?, ?, ?, ?, {late:d})", problems)

    def mend(self, rows: Iterable[tuple[str, str]]) -> None:
        """Keep which rows of which list are mended by this one."""
        self._file.executemany("INSERT INTO mended VALUES (?, ?)", rows)

    def settle_anew(self) -> None:
        """Forget what was decided before of any arrival."""
        self._file.executescript(_SETTLING)

    def decide(self, fate: int, row: int) -> None:
        """Say what becomes of an arrival."""
        self._file.execute("UPDATE arrivals SET fate = ? WHERE row = ?", (fate, row))

    def repeated(self) -> list[tuple[int, bool, bool]]:
        """Whose key came before in the list: the row, whether it has a reference, and whether it says the same."""
        return self._file.execute(_REPEATED).fetchall()

    def after(self, row: int, most: int) -> list[tuple[int, bytes, bytes, bool]]:
        """The next new arrivals: row, key, hash, and whether it has a reference."""
        question = (
            f"SELECT row, row_key, row_hash, named FROM arrivals WHERE row > ? AND fate = {NEW} ORDER BY row LIMIT ?"
        )
        return self._file.execute(question, (row, most)).fetchall()

    def guardians_elsewhere(self) -> list[bytes]:
        """The keys of guardians whom new arrivals name and who do not arrive with them."""
        return [key for (key,) in self._file.execute(_ALONE)]

    def wards_of(self, guardian: bytes) -> list[int]:
        """The new arrivals who name this guardian."""
        question = f"SELECT row FROM arrivals WHERE guardian_key = ? AND fate = {NEW}"
        return [row for (row,) in self._file.execute(question, (guardian,))]

    def problems(self, most: int) -> list[tuple[int, str, str, str]]:
        """The first of what is wrong, by row."""
        question = "SELECT row, place, wrong, do FROM problems ORDER BY row, rowid LIMIT ?"
        return self._file.execute(question, (most,)).fetchall()

    def each_problem(self) -> Iterator[tuple[int, str, str, str]]:
        """Everything that is wrong, by row."""
        return self._file.execute("SELECT row, place, wrong, do FROM problems ORDER BY row, rowid")

    def how_many_problems(self) -> int:
        """How much is wrong."""
        return self._number("SELECT count(*) FROM problems")

    def refuse(self, rows: Iterable[tuple[int, bytes]]) -> None:
        """Keep who a bad row is about, where it says so."""
        self._file.executemany("INSERT INTO refused VALUES (?, ?)", rows)

    def how_many_bad_rows(self) -> int:
        """How many rows have something wrong with them."""
        return self._number("SELECT count(DISTINCT row) FROM problems")

    def bad_rows(self) -> Iterator[tuple[int, bytes | None]]:
        """Each row with something wrong, and its key where it is surely its own and nobody else's."""
        return self._file.execute(_BAD)

    def mended(self) -> list[tuple[str, str]]:
        """Which rows of which list are mended by this one."""
        return self._file.execute("SELECT DISTINCT list, row FROM mended").fetchall()

    def alike(self, most: int) -> tuple[list[tuple[int, int]], int]:
        """Pairs of new arrivals who are probably one person under two references, the first of them, and how many in all."""
        pairs = self._file.execute(f"SELECT DISTINCT first, row {_LIKE} ORDER BY row LIMIT ?", (most,)).fetchall()
        return pairs, self._number(f"SELECT count(DISTINCT row) {_LIKE}") if len(pairs) == most else len(
            {row for _, row in pairs}
        )

    def rank(self) -> int:
        """Put the new arrivals in the order in which they are entered, as a driver takes them; returns how many there are."""
        self._file.executescript(_RANKING)
        return self.how_many_new()

    def how_many_new(self) -> int:
        """How many arrivals were put in order."""
        return self._number("SELECT count(*) FROM ranked")

    def ranked(self, before: int) -> Iterator[Row]:
        """Each of them: id, number (*before* are there already, theirs follow in the list's own order), row, and what PERSON names."""
        question = f"SELECT id, place + ?, arrivals.row, {', '.join(f'arrivals.{one}' for one in PERSON)} {_RANKED}"
        return self._file.execute(question, (before,))

    def reached(self) -> Iterator[tuple[str, str, bytes]]:
        """The id of each of them, with each kind and digest by which they are reached."""
        for id_, kinds, digests in self._file.execute("SELECT id, reached_by, digests FROM reached ORDER BY rowid"):
            for place, kind in enumerate(kinds.split()):
                yield id_, kind, digests[place * DIGEST : (place + 1) * DIGEST]

    def wards(self) -> Iterator[tuple[bytes, bytes]]:
        """Whoever of them names a guardian: their own key and the guardian's."""
        return self._file.execute(
            f"SELECT row_key, guardian_key FROM arrivals WHERE guardian_key IS NOT NULL AND fate = {NEW}"
        )

    def _number(self, question: str) -> int:
        found: int = self._file.execute(question).fetchone()[0]
        return found
