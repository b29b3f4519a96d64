"""告知: empty the queue of claimed rungs and of order notices into messages, exactly once, whoever dies on the way."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Case, CharField, F, Func, OuterRef, SmallIntegerField, Subquery, Value, When
from django.db.models.functions import Coalesce

from applications.domain.lifecycle import StepKind
from applications.domain.transitions import CLOCK_LABELS, ClockKind
from applications.models import ApplicationStep, Clock, ClockFact
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import Moment, read_moment
from supervision.actions._ladder import OF_VILLAGER, Audience, Untellable, steps_of
from supervision.actions._orders import letters_of_act
from supervision.actions._post import Letter, post
from supervision.actions._term_letters import letters_of_rung
from supervision.domain.card_life import CardAct, CardMode
from supervision.domain.owed import ARMING
from supervision.domain.quiet import RETELL, days_later, pause_after
from supervision.domain.reach import Reached, Roster, Seat, reach
from supervision.domain.wording import ToldRung, instead_words, limit_words, pending_words, supplement_words
from supervision.models import CardReview, LadderStep, LimitWarning, Message, Untold
from supervision.selectors.reach import duty_on, filing_seat, roster_of
from supervision.selectors.supervised import names_of

logger = logging.getLogger(__name__)

BATCH_SIZE: Final = 200
_GONE: Final = (CardAct.CANCEL, CardAct.REVOKE)
_HIDDEN: Final = ("form", "applicant__id_sealed", "applicant__phone_sealed")


@dataclass(frozen=True)
class Told:
    """What became of the queue: rungs told, messages written, rungs put off."""

    rungs: int = 0
    messages: int = 0
    put_off: int = 0

    def __add__(self, other: Told) -> Told:
        return Told(self.rungs + other.rungs, self.messages + other.messages, self.put_off + other.put_off)


@dataclass(frozen=True)
class _Desk:
    """Everything a batch is told with, read once for all its rungs."""

    moment: Moment
    ladder: Sequence[LadderStep]
    step_kinds: Mapping[int, str]  # by warning: of the step at which it was earned
    again: Mapping[int, str]  # by warning: what armed it anew
    roster: Roster
    names: Mapping[str, str]


def tell(*, batch_size: int = BATCH_SIZE, most: int | None = None) -> Told:
    """Tell every rung that waits: a small batch per transaction, rungs that another teller holds left to it.

    `most` ends it after about so many rungs, for whoever has other work too.

    Messages are written and the queue emptied in one transaction, so that a crash at any statement loses
    nothing and repeats nothing. It ends: every rung leaves the queue or is put off.
    """
    done = Told()
    while True:
        ids, told = _tell_batch(batch_size)
        done += told
        if len(ids) < batch_size or (most is not None and done.rungs + done.put_off >= most):
            if done.rungs or done.put_off:
                logger.info("told rungs=%d messages=%d put_off=%d", done.rungs, done.messages, done.put_off)
            return done


def _tell_batch(size: int) -> tuple[list[int], Told]:
    ids: list[int] = []
    try:
        with transaction.atomic():
            moment = read_moment()
            rows = _lock(moment.at, size)
            ids = [row.pk for row in rows]
            return ids, _tell_rows(rows, moment) if rows else Told()
    except Exception as error:  # one rung that the database refuses must not stop the others
        if not ids:
            raise
        logger.warning("tell_batch_failed error=%s", type(error).__name__)
        return ids, sum((_tell_one(pk) for pk in ids), Told())


def _tell_one(pk: int) -> Told:
    moment = read_moment()
    try:
        with transaction.atomic():
            return _tell_rows(_lock(moment.at, 1, pk=pk), moment)
    except Exception as error:  # noqa: BLE001
        with transaction.atomic():
            return Told(put_off=sum(_put_off(row, type(error).__name__, moment) for row in _lock(moment.at, 1, pk=pk)))


def _lock(now: datetime, size: int, **only: int) -> list[Untold]:
    rows = (
        Untold.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(next_try_at__lte=now, **only)
        .annotate(step_kind=_held_step_kind(), decided=_decided(), again=_again())
        .select_related("warning__clock", "warning__application__matter", "warning__application__applicant")
        .select_related("term_warning__term", "order_act__order__term")
        .defer(*(f"warning__application__{name}" for name in _HIDDEN))
    )
    return list(rows.order_by("next_try_at", "pk")[:size])


def _held_step_kind() -> Coalesce:
    """The kind of the step that the card's organ had to do then; "accept" where the window had the case."""
    held = Func(
        OuterRef("warning__clock_id"),
        OuterRef("warning__effective_at"),
        template="(applications_held_at(%(expressions)s)).step",
        output_field=SmallIntegerField(),
    )
    seq = Coalesce(held, OuterRef("warning__step_seq"), output_field=SmallIntegerField())
    steps = ApplicationStep.objects.filter(application=OuterRef("warning__application_id"), seq=seq)
    return Coalesce(Subquery(steps.values("kind")[:1]), Value(StepKind.ACCEPT.value), output_field=CharField())


def _decided() -> Subquery:
    """What was last decided about the card itself: confirm, cancel or revoke; None where nobody has."""
    said = CardReview.objects.filter(card=OuterRef("warning_id"), act__in=(CardAct.CONFIRM, *_GONE))
    return Subquery(said.order_by("-pk").values("act")[:1])


def _again() -> Case:
    """Of a warning that was armed anew what armed it: the last extension or pause since the one before."""
    level = LimitWarning.Level.WARNING
    since = ClockFact.objects.filter(
        clock=OuterRef("warning__clock_id"),
        move__in=ARMING,
        at__lte=OuterRef("warning__effective_at"),
        clock__warnings__level=level,
        clock__warnings__effective_at__lt=F("at"),
    )
    again = When(warning__level=level, warning__arming__gt=1, then=Subquery(since.order_by("-pk").values("move")[:1]))
    return Case(again, default=Value(""), output_field=CharField())


def _tell_rows(rows: Sequence[Untold], moment: Moment) -> Told:
    desk = _desk(rows, moment)
    letters: list[Letter] = []
    done: list[Untold] = []
    later: list[Untold] = []
    put_off = 0
    for row in rows:
        try:
            mine, delayed = _letters(row, desk)
        except Untellable as reason:
            put_off += _put_off(row, str(reason), moment)
        else:
            letters += mine
            later += delayed
            done.append(row)
    written = post(letters, moment)
    Untold.objects.filter(pk__in=[row.pk for row in done]).delete()
    Untold.objects.bulk_create(later, ignore_conflicts=True)
    return Told(len(done), written, put_off)


def _put_off(row: Untold, reason: str, moment: Moment) -> int:
    """Let the rung wait, longer each time: it steps behind the others and is never given up."""
    pause = timedelta(minutes=pause_after(row.attempts + 1, RETELL))
    Untold.objects.filter(pk=row.pk).update(
        attempts=F("attempts") + 1, last_error=reason[:80], next_try_at=moment.at + pause
    )
    logger.error("tell_failed %s reason=%s", row, reason)
    return 1


def _desk(rows: Sequence[Untold], moment: Moment) -> _Desk:
    warnings = [row.warning for row in rows if row.warning is not None]
    seats = {w.seat_path for w in warnings}
    return _Desk(
        moment=moment,
        ladder=list(LadderStep.objects.all()),
        step_kinds={row.warning_id: getattr(row, "step_kind", "") for row in rows if row.warning_id is not None},
        again={row.warning_id: getattr(row, "again", "") or "" for row in rows if row.warning_id is not None},
        roster=roster_of({*seats, *(w.application.path for w in warnings)}, day_of(moment.at)),
        names=names_of(seats),
    )


def _letters(row: Untold, desk: _Desk) -> tuple[list[Letter], list[Untold]]:
    """Return what is said to whom now, and the steps of the ladder that come later. Raises Untellable."""
    if row.order_act is not None:
        return letters_of_act(row.order_act, desk.moment), []
    if row.term_warning is not None:
        return letters_of_rung(row.term_warning, row.audience, desk.ladder, desk.moment)
    assert row.warning is not None  # a constraint of the table
    return _letters_of_card(row, row.warning, desk)


def _letters_of_card(row: Untold, warning: LimitWarning, desk: _Desk) -> tuple[list[Letter], list[Untold]]:
    decided = getattr(row, "decided", None)
    if decided in _GONE:
        return [], []  # it blames nobody; whoever has to hear that hears it from the act
    if warning.mode != CardMode.AUTO and decided is None:
        return _pending_letters(warning, desk), []
    steps = steps_of(desk.ladder, warning.level, warning.clock_kind)
    if row.audience:
        if warning.clock is not None and warning.clock.state == Clock.State.STOPPED:
            return [], []  # what the later step was kept for has been done
        steps = [step for step in steps if step.audience == row.audience]
        return _to(steps, warning, desk), []
    later = [
        Untold(
            warning=warning,
            audience=step.audience,
            next_try_at=days_later(desk.moment.at, step.delay_days, desk.moment.calendar),
        )
        for step in steps
        if step.delay_days
    ]
    return _to([step for step in steps if not step.delay_days], warning, desk), later


def _to(steps: Sequence[LadderStep], warning: LimitWarning, desk: _Desk) -> list[Letter]:
    rungs = [step.audience for step in steps if step.audience not in OF_VILLAGER]
    letters = _limit_letters(warning, reach(rungs, _seat(warning, desk), desk.roster), desk) if rungs else []
    if any(step.audience in OF_VILLAGER for step in steps):
        has_phone = bool(warning.application.applicant and warning.application.applicant.phone_masked)
        to_applicant = has_phone and any(step.audience == Audience.APPLICANT for step in steps)
        letters += _villager_letters(warning, desk, to_applicant=to_applicant)
    if steps and not letters:
        raise Untellable("nobody_in_post")
    return letters


def _seat(warning: LimitWarning, desk: _Desk) -> Seat:
    """Where the case lay when the rung was reached, and what had to be done there."""
    return Seat(warning.seat_path, duty_on(warning.clock_kind, desk.step_kinds[warning.pk]))


def _pending_letters(warning: LimitWarning, desk: _Desk) -> list[Letter]:
    """A card that waits is the supervisors' business alone: the body it would blame hears of it when it is issued."""
    reached = reach([Audience.COUNTY_SUPERVISOR], _seat(warning, desk), desk.roster)
    words = pending_words(_rung(warning, desk))
    return [
        replace(_letter(warning, user_id, Message.Kind.LIMIT, words), key=f"pending:{warning.pk}")
        for user_id in reached.people
    ]


def _limit_letters(warning: LimitWarning, reached: Reached, desk: _Desk) -> list[Letter]:
    words = limit_words(_rung(warning, desk))
    return [
        _letter(warning, user_id, Message.Kind.LIMIT, words + instead_words(missing))
        for user_id, missing in reached.people.items()
    ]


def _rung(warning: LimitWarning, desk: _Desk) -> ToldRung:
    case = warning.application
    due_at = warning.clock.due_at if warning.clock else None
    return ToldRung(
        level=warning.level,
        clock=CLOCK_LABELS[ClockKind(warning.clock_kind)] if warning.clock_kind else warning.get_fault_display(),
        number=case.display_number,
        matter=case.matter.name,
        place=desk.names.get(warning.seat_path, ""),
        due=day_of(due_at) if due_at else None,
        is_late=warning.is_late,
        is_by_hand=warning.mode == CardMode.MANUAL,
        again=desk.again[warning.pk],
    )


def _villager_letters(warning: LimitWarning, desk: _Desk, *, to_applicant: bool) -> list[Letter]:
    case, due_at = warning.application, warning.clock.due_at if warning.clock else None
    due = day_of(due_at) if due_at else None
    words = supplement_words(number=case.display_number, matter=case.matter.name, due=due)
    reached = reach([Audience.HANDLER], filing_seat(case), desk.roster)
    return [
        _letter(
            warning,
            user_id,
            Message.Kind.TELL_VILLAGER,
            words + instead_words([Audience.FILING_CLERK] if missing else []),
            to_applicant=to_applicant,
        )
        for user_id, missing in reached.people.items()
    ]


def _letter(warning: LimitWarning, user_id: int, kind: str, words: str, *, to_applicant: bool = False) -> Letter:
    return Letter(
        user_id=user_id,
        key=f"warning:{warning.pk}",
        kind=kind,
        level=warning.level,
        words=words,
        application=warning.application,
        clock_id=warning.clock_id,
        to_applicant=to_applicant,
    )
