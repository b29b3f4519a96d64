"""Invented villagers and village companies who ask for something."""

from __future__ import annotations

from datetime import date
from random import Random

from applications.actions.fill import Particulars
from applications.domain.identity import IdKind
from applications.rehearsal.names import birth_date, full_name, id_number, phone_number
from halls.models import Hall

_COMPANIES = ("股份经济合作联合社", "脐橙种植专业合作社", "农业开发有限公司", "生态养殖专业合作社", "建材经营部")
_CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def villager(random: Random, hall: Hall, *, today: date) -> Particulars:
    """Return a grown-up of this place."""
    is_male = random.random() < 0.55
    born = birth_date(random, today=today)
    return Particulars(
        name=full_name(random, is_male=is_male),
        id_number=id_number(random, is_male=is_male, born=born),
        phone=phone_number(random) if random.random() < 0.9 else "",
        address=f"{hall.short_name}{random.randrange(1, 13)}组",
    )


def company(random: Random, hall: Hall) -> Particulars:
    """Return a company or cooperative with a code that belongs to nobody."""
    body = "93990000MA" + "".join(random.choice(_CODE_LETTERS) for _ in range(7))
    return Particulars(
        name=f"{hall.short_name}{random.choice(_COMPANIES)}",
        id_number=body + _check_letter(body),
        phone=phone_number(random),
        address=f"{hall.short_name}{random.randrange(1, 13)}组",
        id_kind=IdKind.USCC,
    )


def _check_letter(body: str) -> str:
    """Return the 18th character of a unified social credit code (GB 32100: weights are powers of 3 modulo 31)."""
    total = sum(_CODE_LETTERS.index(letter) * pow(3, place, 31) for place, letter in enumerate(body))
    return _CODE_LETTERS[-total % 31]
