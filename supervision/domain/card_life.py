"""The life of a card (红黄牌): what it is now follows from the acts about it, in their order. Pure.

待发 -> 已发 -> 申诉中 -> 维持 or 撤销; 取消 only before it is issued. 督办 is a mark beside the state, not a state.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Protocol

APPEAL_DAYS: Final = 5  # working days, behind the day on which the organ was told


class CardMode(StrEnum):
    """How a card is issued (发牌方式)."""

    AUTO = "auto"
    CONFIRMED = "confirmed"
    MANUAL = "manual"


class CardAct(StrEnum):
    CONFIRM = "confirm"
    CANCEL = "cancel"
    APPEAL = "appeal"
    PROPOSE = "propose"
    UPHOLD = "uphold"
    REVOKE = "revoke"
    ORDER = "order"


class CardState(StrEnum):
    PENDING = "pending"
    ISSUED = "issued"
    APPEALED = "appealed"
    UPHELD = "upheld"
    REVOKED = "revoked"
    CANCELLED = "cancelled"


STATE_LABELS: Final = {
    CardState.PENDING: "待发",
    CardState.ISSUED: "已发",
    CardState.APPEALED: "申诉中",
    CardState.UPHELD: "维持",
    CardState.REVOKED: "撤销",
    CardState.CANCELLED: "取消",
}
# 状态 of a card in GB/T 39046; B stands for a card that is under a supervision order.
STATE_CODES: Final = {
    CardState.PENDING: "D",
    CardState.ISSUED: "Y",
    CardState.APPEALED: "Y",
    CardState.UPHELD: "Y",
    CardState.REVOKED: "C",
    CardState.CANCELLED: "Q",
}
ORDERED_CODE: Final = "B"
# What blames somebody and is counted.
STANDING: Final = frozenset({CardState.ISSUED, CardState.APPEALED, CardState.UPHELD})


class Acted(Protocol):
    """One act about a card, as it is stored."""

    @property
    def pk(self) -> int: ...
    @property
    def act(self) -> str: ...
    @property
    def answers_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class CardLife:
    """What the acts make of a card. `open_appeal` and `open_proposal` wait for somebody to decide."""

    state: CardState
    is_ordered: bool = False
    open_appeal: int | None = None
    open_proposal: int | None = None

    @property
    def label(self) -> str:
        return STATE_LABELS[self.state]

    @property
    def code(self) -> str:
        return ORDERED_CODE if self.is_ordered and self.state in STANDING else STATE_CODES[self.state]

    @property
    def stands(self) -> bool:
        """Whether it blames somebody and is counted."""
        return self.state in STANDING


def life_of(mode: str, acts: Iterable[Acted]) -> CardLife:
    """Return what these acts, in their order, make of a card of this mode."""
    told = list(acts)
    done = {one.act for one in told}
    answered = {one.answers_id for one in told}
    waiting = {one.act: one.pk for one in told if one.pk not in answered}
    appeal, proposal = waiting.get(CardAct.APPEAL), waiting.get(CardAct.PROPOSE)
    if CardAct.CANCEL in done:
        return CardLife(CardState.CANCELLED)
    if CardAct.REVOKE in done:
        return CardLife(CardState.REVOKED, CardAct.ORDER in done)
    if mode != CardMode.AUTO and CardAct.CONFIRM not in done:
        return CardLife(CardState.PENDING, open_proposal=proposal)
    if appeal is not None:
        state = CardState.APPEALED
    else:
        state = CardState.UPHELD if CardAct.UPHOLD in done else CardState.ISSUED
    return CardLife(state, CardAct.ORDER in done, appeal, proposal)


def card_number(recorded_on: date, serial: int) -> str:
    """Return the 监察编号 (an..20): the day on which the card was recorded, and its number in the register."""
    return f"JC{recorded_on:%Y%m%d}{serial:010d}"


def serial_of(number: str) -> int | None:
    """Return the number in the register that a 监察编号 names; None for what is none."""
    text = number.strip().upper()
    is_one = len(text) == 20 and text.startswith("JC") and text[2:].isascii() and text[2:].isdecimal()
    return int(text[10:]) if is_one else None
