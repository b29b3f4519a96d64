"""巡检监察时限: claim the rungs of limits that are no case's, and tell their people, each limit in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from applications.domain.transitions import CLOCK_LABELS, ClockKind
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import Moment, read_moment
from supervision.actions._post import Letter, post
from supervision.actions._terms import put_dates
from supervision.actions.tell import steps_of
from supervision.domain.reach import Reached, Seat, reach
from supervision.domain.voices import COMPLAINTS
from supervision.domain.wording import ABSENT, SHIELDED, ToldRung, instead_words, limit_words
from supervision.models import LadderStep, Message, Term, TermWarning, Voice
from supervision.selectors.reach import roster_of
from supervision.selectors.shield import may_hear, rungs_of_complaint
from supervision.selectors.supervised import names_of

logger = logging.getLogger(__name__)

BATCH: Final = 200
LATE_AFTER: Final = timedelta(minutes=10)
_OF_VILLAGER: Final = (LadderStep.Audience.FILING_CLERK, LadderStep.Audience.APPLICANT)


@dataclass(frozen=True)
class SweptTerms:
    """Rungs claimed, and limits that could not be looked at."""

    claimed: int = 0
    failed: int = 0


def sweep_terms(*, most: int = BATCH) -> SweptTerms:
    """Claim every rung that is due, up to so many limits a run. Safe to run twice, on two workers at once, or late."""
    now = read_moment().at
    due = Term.objects.filter(next_action_at__lt=now).order_by("next_action_at", "pk")
    claimed = failed = 0
    for pk in list(due.values_list("pk", flat=True)[:most]):
        try:
            claimed += _sweep_one(pk)
        except Exception as error:  # noqa: BLE001 - one limit that cannot be told must not stop the others
            failed += 1
            logger.error("sweep_term_failed term=%d error=%s", pk, type(error).__name__)
    return SweptTerms(claimed, failed)


@transaction.atomic
def _sweep_one(pk: int) -> int:
    """Claim and tell the rungs of one limit; a limit that somebody else holds is theirs."""
    term = Term.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=pk).first()
    if term is None:
        return 0
    moment = read_moment()
    rungs = _reached(term, moment.at)
    found = [
        TermWarning(
            term=term, level=level, seat_path=term.seat_path, effective_at=at,
            recorded_at=moment.at, is_late=moment.at - at > LATE_AFTER,
        )
        for level, at in rungs
    ]  # fmt: skip
    for warning in found:
        warning.save(force_insert=True)
    put_dates(term, list(term.facts.order_by("pk")), moment)
    term.save(update_fields=["next_action_at"])
    post([letter for warning in found for letter in _letters(term, warning, moment)], moment)
    return len(found)


def _reached(term: Term, now: datetime) -> list[tuple[str, datetime]]:
    """The rungs that were reached while the limit ran and are not claimed yet, in the order of their moments."""
    claimed = set(term.warnings.values_list("level", flat=True))
    end = now if term.stopped_at is None else min(now, term.stopped_at)
    rungs = (("warning", term.warn_at), ("yellow", term.yellow_at), ("red", term.red_at))
    reached = [(level, at) for level, at in rungs if at is not None and at < end and level not in claimed]
    return sorted(reached, key=lambda rung: rung[1])


def _letters(term: Term, warning: TermWarning, moment: Moment) -> Sequence[Letter]:
    """What the people of this rung are told; nobody about a limit that was met in the meantime."""
    if term.state == Term.State.STOPPED:
        return []
    steps = steps_of(LadderStep.objects.all(), warning.level, term.kind)
    rungs = list(dict.fromkeys(step.audience for step in steps if step.audience not in _OF_VILLAGER))
    reached = _reached_people(term, rungs, day_of(moment.at))
    if rungs and not reached.people:
        logger.error("term_untold term=%d level=%s", term.pk, warning.level)
    rung = ToldRung(
        level=warning.level,
        clock=CLOCK_LABELS[ClockKind(term.kind)],
        number="",
        matter=term.title,
        place=names_of([term.seat_path]).get(term.seat_path, ""),
        due=day_of(term.due_at),
        is_late=warning.is_late,
    )
    words, why = limit_words(rung), SHIELDED if term.kind == ClockKind.COMPLAINT else ABSENT
    return [
        Letter(
            user_id=user_id,
            key=f"term:{term.pk}:{warning.level}",
            kind=Message.Kind.LIMIT,
            level=warning.level,
            words=words + instead_words(missing, why),
            detail={"page": term.page},
        )
        for user_id, missing in reached.people.items()
    ]


def _reached_people(term: Term, rungs: list[str], today: date) -> Reached:
    """The people of these rungs; of a complaint those alone who may know of it."""
    roster = roster_of([term.seat_path], today)
    complaint = Voice.objects.filter(term=term, kind__in=COMPLAINTS).first()
    if complaint is not None and rungs:
        rungs, roster = rungs_of_complaint(rungs), may_hear(complaint, roster, today)
    return reach(rungs, Seat(term.seat_path, term.duty), roster)


def rewrite_terms() -> int:
    """Derive the dates of every running limit anew, after a calendar came into force; returns how many moved."""
    moved = 0
    for pk in list(Term.objects.filter(state=Term.State.RUNNING).order_by("pk").values_list("pk", flat=True)):
        moved += _rewrite_one(pk)
    return moved


@transaction.atomic
def _rewrite_one(pk: int) -> bool:
    term = Term.objects.select_for_update(no_key=True).get(pk=pk)
    if not put_dates(term, list(term.facts.order_by("pk")), read_moment()):
        return False
    term.save(update_fields=["due_at", "is_provisional", "warn_at", "yellow_at", "red_at", "next_action_at"])
    return True
