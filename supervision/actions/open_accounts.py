"""登记责任追究: every red card that was issued and stands opens a record, with who held the duty at the breach."""

from __future__ import annotations

import logging
from typing import Final

from django.db import DatabaseError, transaction

from halls.selectors.work_calendar import read_moment
from supervision.models import Accountability, LimitWarning
from supervision.models.timeout import RED_CARD
from supervision.selectors.accounts import cards_without_account
from supervision.selectors.cards import ground_of
from supervision.selectors.supervised import names_of

logger = logging.getLogger(__name__)

OPENED_AT_ONCE: Final = 500  # some seconds; a backlog is worked off run by run
LONGEST_CITATION: Final = 400


def open_accounts() -> int:
    """Open what is missing; returns how many. Safe twice and on two workers: the database keeps one per card."""
    opened = 0
    for card in cards_without_account(OPENED_AT_ONCE):
        try:
            with transaction.atomic():
                _open(card)
            opened += 1
        except DatabaseError as error:  # revoked, or opened by another worker, in this very moment
            logger.warning("account_not_opened card=%d error=%s", card.pk, type(error).__name__)
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
