"""The database's clock, held against two that it cannot move: this server's own, and the seconds that went by."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# What a slow answer or a lazily set clock may explain; a moved clock is minutes off.
TOLERATED: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Reading:
    """How far the database's clock stood from the server's, and how far it jumped since this process last looked.

    None: as it should be.
    """

    gap: int | None
    jump: int | None

    @property
    def is_wrong(self) -> bool:
        return self.gap is not None or self.jump is not None


@dataclass
class SecondClock:
    """Remembers the last look of this process; the first has nothing to compare a jump with."""

    database: datetime | None = None
    elapsed: float = 0.0

    def read(self, database: datetime) -> Reading:
        """Compare `database`, the moment it just told, with the server's clocks."""
        elapsed = seconds_since_boot()
        jump = timedelta()
        if self.database is not None:
            jump = database - self.database - timedelta(seconds=elapsed - self.elapsed)
        self.database, self.elapsed = database, elapsed
        return Reading(_wrong(timedelta(seconds=database.timestamp() - time.time())), _wrong(jump))


def seconds_since_boot() -> float:
    """Seconds that nobody can set, those of a sleeping machine included where the system counts them."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def _wrong(difference: timedelta) -> int | None:
    return round(difference.total_seconds()) if abs(difference) > TOLERATED else None
