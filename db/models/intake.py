"""Intakes: what somebody noticed and said, before anyone decided whether it is a breach."""

from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.types import Table, one_of, only_if, together

INTAKE_STATES = ("new", "promoted", "joined", "dismissed")
TOOK_UP = "state IN ('promoted', 'joined')"


class Intake(Table):
    """One thing that was said. What was said, by whom and how to reach them is sealed; nobody named means anonymous.

    new: nobody has settled it yet; promoted: an incident came of it; joined: it belongs to one that was there;
    dismissed: someone looked, and wrote down why it is no breach.
    """

    __tablename__ = "intakes"
    __table_args__ = (
        one_of("state", INTAKE_STATES),
        sa.CheckConstraint("noticed_at <= received_at", name="noticed_before_it_was_said"),
        sa.CheckConstraint("length(follow_hash) = 32", name="follow_code_is_hashed"),
        only_if("teller_is_named_once", "teller_id IS NOT NULL", "teller IS NULL"),
        together("settled_by_someone", "settled_at", "settled_by"),
        only_if("settled_says_when", "state <> 'new'", "settled_at IS NOT NULL"),
        only_if("new_is_not_settled", "state = 'new'", "settled_at IS NULL"),
        only_if("settled_after_it_was_said", "settled_at IS NOT NULL", "settled_at >= received_at"),
        only_if("taken_up_names_its_incident", TOOK_UP, "incident_id IS NOT NULL"),
        only_if("its_incident_only_when_taken_up", "incident_id IS NOT NULL", TOOK_UP),
        only_if("dismissed_has_reasons", "state = 'dismissed'", "length(trim(reasons)) > 0"),
        sa.Index("ix_intakes_state", "state", "received_at"),
        sa.Index("ix_intakes_teller", "teller_id"),
        sa.Index("ix_intakes_incident", "incident_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    reference: Mapped[str] = mapped_column(unique=True)
    noticed_at: Mapped[datetime]
    received_at: Mapped[datetime]
    said: Mapped[bytes]
    teller_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    teller: Mapped[bytes | None]
    reach: Mapped[bytes | None]
    follow_hash: Mapped[bytes]
    sent_key: Mapped[bytes] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="new")
    incident_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("incidents.id"))
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]
    reasons: Mapped[str] = mapped_column(default="")
