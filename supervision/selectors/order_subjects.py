"""What an order is about, and whom it goes to: a case, a card, or a matter of an organ's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from applications.models import Application
from halls.acting import Actor
from halls.domain.errors import Invalid, NotFound
from supervision.models import LimitWarning
from supervision.selectors.orders import organ_of
from supervision.selectors.reach import seat_of_case
from supervision.selectors.supervised import names_of, supervised, supervised_cards

LONGEST_TITLE: Final = 60


@dataclass(frozen=True)
class Subject:
    """The organ that is ordered, and what about."""

    organ_path: str
    organ_name: str
    title: str
    application: Application | None = None
    card: LimitWarning | None = None


def subject_of(actor: Actor, *, case: str = "", card: int | None = None, organ: str = "", title: str = "") -> Subject:
    """Return the subject: `case` is the 16 digits, `card` an id, `organ` a code; the first that is given counts.

    A case goes to whoever holds it now, a card to whoever it stands against. Raises NotFound, Invalid (no such organ).
    """
    if card is not None:
        found = supervised_cards(actor).select_related("application__matter").filter(pk=card).first()
        if found is None:
            raise NotFound(_("没有找到这条预警或红黄牌，或者它不在您的监察范围内。"))
        return _of_case(found.application, found.seat_path, found)
    if case:
        known = supervised(actor).select_related("matter").filter(number=case).first()
        if known is None:
            raise NotFound(_("没有找到这件办件，或者它不在您的监察范围内。"))
        return _of_case(known, seat_of_case(known).path)
    place = organ_of(organ) if organ else None
    if place is None:
        raise Invalid("organ_missing", _("请选择承办单位。"), field="organ", cure=_("从列表里选一个单位。"))
    return Subject(place.path, place.name, title.strip())


def _of_case(case: Application, organ_path: str, card: LimitWarning | None = None) -> Subject:
    name = names_of({organ_path}).get(organ_path, "")
    title = f"{case.display_number} {case.matter.name}"[:LONGEST_TITLE]
    return Subject(organ_path, name, title, case, card)
