"""What was learned from earlier orders: which is the latest, and its bytes."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch
from hotline_tui.models import Learned


def edition(session: Session) -> UUID | None:
    """Of the latest training; None where there was none."""
    newest = sa.select(col(Learned.id)).order_by(col(Learned.made_at).desc(), col(Learned.id).desc()).limit(1)
    found = fetch(session, newest)
    return found[0].id if found else None


def data(session: Session, edition: UUID) -> bytes:
    """Compressed; empty where it is gone."""
    found = fetch(session, sa.select(col(Learned.data)).where(col(Learned.id) == edition))
    return found[0].data if found else b""
