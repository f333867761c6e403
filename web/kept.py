"""Answers that cost much, kept while they stay true: under the head of an incident's journal, and for seconds only."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from actions import clock
from db.models import JournalHead

MOST = 256
LASTS = 30.0
"""Seconds. Every act writes the journal, so a new head asks anew; what moves without one is seen after these."""
TIMES = 10
"""While a wave is sent the head moves each second: an answer then lives for so many times what it cost, however the head moves."""

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class _Known:
    head: str
    asked_at: float
    cost: float
    answer: Any

    def holds(self, head: str, now: float) -> bool:
        age = now - self.asked_at
        return age < self.cost * TIMES or (self.head == head and age < LASTS)


class Kept:
    """One for each process. The head is read before the question is asked: an answer is never older than its head."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, UUID], _Known] = OrderedDict()
        self._lock = Lock()

    def ask(self, session: Session, incident_id: UUID, question: Callable[[Session, UUID], Answer]) -> Answer:
        """What *question*, which is told apart by its name, answers of this incident."""
        key, head, now = (question.__qualname__, incident_id), _head(session, incident_id), clock.ticks()
        with self._lock:
            known = self._known.get(key)
        if known is None or not known.holds(head, now):
            answer = question(session, incident_id)
            known = _Known(head, now, clock.ticks() - now, answer)
            self._keep(key, known)
        kept: Answer = known.answer
        return kept

    def _keep(self, key: tuple[str, UUID], known: _Known) -> None:
        with self._lock:
            self._known[key] = known
            self._known.move_to_end(key)
            while len(self._known) > MOST:
                self._known.popitem(last=False)


def _head(session: Session, incident_id: UUID) -> str:
    head = session.get(JournalHead, str(incident_id), populate_existing=True)
    return head.hash if head else ""
