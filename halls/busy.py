"""Whether the database only asks to come again: a lock, a time limit or a deadlock stood in the way, no fault."""

from __future__ import annotations

from typing import Final

from django.db import Error

# PostgreSQL: lock not available, statement cancelled by its time limit, deadlock, serialisation.
BUSY_STATES: Final = frozenset({"55P03", "57014", "40P01", "40001"})


def is_busy(error: BaseException) -> bool:
    """Return whether the same act may go through a little later."""
    return isinstance(error, Error) and getattr(error.__cause__, "pgcode", None) in BUSY_STATES
