"""巡检监察时限: claim the rungs of limits that are no case's, each limit in one transaction.

A trigger puts every rung that is claimed into the queue of those to tell (Untold).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from halls.selectors.work_calendar import Moment, read_moment
from supervision.actions._terms import DATES, is_outdated, put_dates
from supervision.models import Term, TermFact, TermWarning
from supervision.selectors.terms import arming_of, is_claimed

logger = logging.getLogger(__name__)

BATCH: Final = 200
LATE_AFTER: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class SweptTerms:
    """Rungs claimed, and limits that could not be looked at."""

    claimed: int = 0
    failed: int = 0


def sweep_terms(*, most: int = BATCH) -> SweptTerms:
    """Claim every rung that is due, of so many limits a run. Safe to run twice, on two workers at once, or late.

    A limit that fails is tried by every run, and takes nobody's place.
    """
    now = read_moment().at
    due = Term.objects.filter(next_action_at__lt=now).order_by("next_action_at", "pk")
    claimed = failed = done = 0
    for pk in list(due.values_list("pk", flat=True)):
        if done >= most:
            break
        try:
            claimed += _sweep_one(pk)
            done += 1
        except Exception as error:  # noqa: BLE001 - one limit that fails must not stop the others
            failed += 1
            logger.error("sweep_term_failed term=%d error=%s", pk, type(error).__name__)
    return SweptTerms(claimed, failed)


@transaction.atomic
def _sweep_one(pk: int) -> int:
    """Claim the rungs of one limit; a limit that somebody else holds is theirs."""
    term = Term.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=pk).first()
    if term is None:
        return 0
    moment, facts = read_moment(), list(term.facts.order_by("pk"))
    # Nobody can take a rung back: under a calendar of a minute ago none is claimed.
    if put_dates(term, facts, moment):
        term.save(update_fields=list(DATES))
    rungs = _reached(term, facts, moment.at)
    found = [
        TermWarning(
            term=term, level=level, arming=arming_of(level, facts), seat_path=term.seat_path,
            effective_at=at, recorded_at=moment.at, is_late=moment.at - at > LATE_AFTER,
        )
        for level, at in rungs
    ]  # fmt: skip
    for warning in found:
        warning.save(force_insert=True)
    put_dates(term, facts, moment)
    term.save(update_fields=["next_action_at"])
    return len(found)


def _reached(term: Term, facts: list[TermFact], now: datetime) -> list[tuple[str, datetime]]:
    """The rungs that were reached while the limit ran and are not claimed yet, in the order of their moments."""
    claimed = list(term.warnings.all())
    end = now if term.stopped_at is None else min(now, term.stopped_at)
    rungs = (("warning", term.warn_at), ("yellow", term.yellow_at), ("red", term.red_at))
    reached = [
        (level, at) for level, at in rungs if at is not None and at < end and not is_claimed(level, facts, claimed)
    ]
    return sorted(reached, key=lambda rung: rung[1])


def rewrite_terms(*, ended_since: datetime | None = None) -> int:
    """Derive anew the dates of every limit that runs or ended since, after a calendar came into force.

    Returns how many moved. One that cannot be derived is left: the sweep claims nothing of it either, and the nightly
    proof tells it. Where nothing moved it costs three statements.
    """
    concerned, moment = Q(state=Term.State.RUNNING), read_moment()
    if ended_since is not None:
        concerned |= Q(stopped_at__gte=ended_since)
    rows = Term.objects.filter(concerned).order_by("pk").prefetch_related("facts")
    return sum(_rewrite(term, moment) for term in rows.iterator(500))


def _rewrite(found: Term, moment: Moment) -> bool:
    try:
        return is_outdated(found, list(found.facts.all()), moment) and _rewrite_one(found.pk)
    except Exception as error:  # noqa: BLE001 - one limit that cannot be derived must not hold up the others
        logger.error("rewrite_term_failed term=%d error=%s", found.pk, type(error).__name__)
        return False


@transaction.atomic
def _rewrite_one(pk: int) -> bool:
    term = Term.objects.select_for_update(no_key=True).get(pk=pk)
    has_moved = put_dates(term, list(term.facts.order_by("pk")), read_moment())
    term.save(update_fields=list(DATES))
    return has_moved
