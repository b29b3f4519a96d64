"""Records of accountability: who sees which, which stage one is in, and the cards and orders that have none yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from applications.querysets import below
from halls.acting import Actor
from halls.paging import PageList
from supervision.domain.orders import State
from supervision.models import Accountability, AccountAct, CardReview, LimitWarning, SupervisionOrder
from supervision.models.card_review import is_standing
from supervision.models.timeout import RED_CARD
from supervision.selectors.supervised import supervised

PAGE: Final = 50
NEWEST: Final = PageList(("opened_at", "pk"), is_descending=True)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a record stands, from its acts and its card."""

    acts: tuple[AccountAct, ...]
    is_revoked: bool

    @property
    def is_closed(self) -> bool:
        return any(one.stage == AccountAct.Stage.CLOSE for one in self.acts)

    @property
    def is_referred(self) -> bool:
        return any(one.stage == AccountAct.Stage.REFER for one in self.acts)

    @property
    def label(self) -> str:
        if self.is_closed:
            return "已办结"
        if self.is_revoked:
            return "已撤销"
        if self.is_referred:
            return "已移送纪检监察"
        return "已处理" if self.acts else "已登记"


def accounts_of(actor: Actor) -> QuerySet[Accountability]:
    """The records about the cases that the actor supervises, and about orders to the organs that they supervise."""
    # Case by case: nobody looks through all the cases of a county for one page of records.
    watched = Exists(supervised(actor).order_by().filter(pk=OuterRef("application")))
    of_case = Q(watched, order__isnull=True)
    revoked = CardReview.objects.filter(card=OuterRef("card"), act=CardReview.Act.REVOKE)
    rows = Accountability.objects.filter(of_case | below("order__organ_path", actor.supervises))
    return rows.annotate(is_revoked=Exists(revoked))


def accounts_listed(actor: Actor) -> QuerySet[Accountability]:
    """The records that the actor sees with what a line of the list shows, their acts in a second statement."""
    return _shown(accounts_of(actor)).prefetch_related("acts")


def account_of(actor: Actor, pk: int) -> Accountability | None:
    """Return one record with its case or order, card and acts (3 statements, of an order 4)."""
    rows = _shown(accounts_of(actor)).prefetch_related("acts__user", "downloads__user", "order__acts")
    return rows.filter(pk=pk).first()


def _shown(rows: QuerySet[Accountability]) -> QuerySet[Accountability]:
    shown = rows.select_related("application__matter", "clock", "card", "order__term")
    return shown.defer("application__form", "order__facts", "order__demand")


def account_of_order(actor: Actor, order: SupervisionOrder) -> Accountability | None:
    """Return the record that this order opened, where the actor sees it (2 statements; none for any other order)."""
    if order.state != State.UNRECTIFIED:
        return None
    return accounts_of(actor).filter(order=order).prefetch_related("acts").first()


def stage_of(account: Accountability) -> Standing:
    """Where the record stands. A default action stands by itself: a card that is revoked does not undo it."""
    is_revoked = account.act == RED_CARD and bool(getattr(account, "is_revoked", False))
    return Standing(tuple(account.acts.all()), is_revoked)


def cards_without_account(most: int) -> list[LimitWarning]:
    """Return red cards that stand and have no record, the oldest first (1 statement, by the index of red cards)."""
    known = Accountability.objects.filter(card=OuterRef("pk"))
    rows = LimitWarning.objects.filter(is_standing(), ~Exists(known), level=LimitWarning.Level.RED)
    shown = rows.select_related("clock", "application__matter", "application__guide").defer("application__form")
    return list(shown.order_by("pk")[:most])


def orders_without_account(most: int) -> list[int]:
    """Return unrectified orders that have no record, the oldest first (1 statement)."""
    rows = SupervisionOrder.objects.filter(state=State.UNRECTIFIED, account__isnull=True)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:most])
