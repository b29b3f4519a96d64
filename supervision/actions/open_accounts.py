"""登记责任追究: every red card that stands and every unrectified order opens a record, with who held the duty then."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Final

from django.db import DatabaseError, transaction

from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from supervision.domain.orders import Act, failed_at
from supervision.models import Accountability, LimitWarning, SupervisionOrder
from supervision.models.timeout import RED_CARD, UNRECTIFIED
from supervision.selectors.accounts import cards_without_account, orders_without_account
from supervision.selectors.cards import ground_of
from supervision.selectors.holders import holders_at
from supervision.selectors.supervised import names_of

logger = logging.getLogger(__name__)

OPENED_AT_ONCE: Final = 500  # some seconds; a backlog is worked off run by run
LONGEST_CITATION: Final = 400


def open_accounts() -> int:
    """Open what is missing; returns how many. Safe twice and on two workers: the database keeps one per card and order.

    An order opens its own when it is closed: found here are those that were closed before records of orders were kept.
    """
    waiting: list[Callable[[], object]] = [partial(_open, card) for card in cards_without_account(OPENED_AT_ONCE)]
    waiting += [partial(open_of_order, pk) for pk in orders_without_account(OPENED_AT_ONCE)]
    opened = 0
    for open_one in waiting:
        try:
            with transaction.atomic():
                open_one()
            opened += 1
        except DatabaseError as error:  # revoked, or opened by another worker, in this very moment
            logger.warning("account_not_opened error=%s", type(error).__name__)
    if opened:
        logger.info("accounts_opened count=%d", opened)
    return opened


def _open(card: LimitWarning) -> None:
    ground = ground_of(card)
    moment = read_moment().at
    Accountability.objects.create(
        application_id=card.application_id,
        clock_id=card.clock_id,
        act=RED_CARD,
        fault=Accountability.Fault.ORGAN,
        citation=(ground.citation or ground.rule or "时限届满")[:LONGEST_CITATION],
        seat_path=card.seat_path,
        seat_name=names_of({card.seat_path}).get(card.seat_path, ""),
        holders=ground.holders,
        card=card,
        breached_at=card.effective_at,  # the trigger takes it, the case and the step from the card
        opened_at=moment,
    )


def open_of_order(order_id: int) -> Accountability:
    """Open the record of an order, in the transaction that closed it as not rectified.

    Named are those who answered for the organ when the limit ran out, or, where it was met, when it was closed. The
    database refuses a second record, and one of an order that was not closed so.
    """
    order = SupervisionOrder.objects.select_related("term").get(pk=order_id)
    closing = order.acts.get(act=Act.GIVE_UP)
    assert order.term.stopped_at is not None  # closing it stopped it
    breach = failed_at(order.term.due_at, order.term.stopped_at, closing.at)
    return Accountability.objects.create(
        application_id=order.application_id,
        order=order,
        act=UNRECTIFIED,
        fault=Accountability.Fault.ORGAN,
        citation=order.basis,
        seat_path=order.organ_path,
        seat_name=order.organ_name,
        # Nobody further up answers for the organ, nor is blamed for it.
        holders=holders_at(order.organ_path, order.duty, day_of(breach), top=order.above_path or order.organ_path),
        breached_at=breach,
        opened_at=closing.at,
    )
