"""What whoever is asked, accused, rated or ordered owes, and by when (T9 to T12). Pure.

The same clocks as those of a case: a budget and facts in, dates out (`applications.domain.clock.derive`), under card
rules of the same kind. What starts, lengthens and stops them is supervision/actions/_terms.py.
Source: the county's default limits (规则表 1.8: 咨询 5, 投诉 3 至多 15, 差评 1 和 5, 督办回复 5 个工作日).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from applications.domain.transitions import ClockKind
from halls.domain.budget import Budget

LIMITS: Final[Mapping[ClockKind, Budget]] = {
    ClockKind.INQUIRY: Budget(5),
    ClockKind.COMPLAINT: Budget(3),
    ClockKind.RATING_CONTACT: Budget(1),
    ClockKind.RATING_RECTIFY: Budget(5),
    ClockKind.ORDER: Budget(5),
}
COMPLAINT_AT_MOST: Final = 15
