"""超时默认: what follows to limits that ran out, each case in a transaction of its own.

The sweep calls this after every card is claimed. Dates are the law's: a default recorded days later is the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from applications.actions.deem_accepted import deem_accepted
from applications.actions.deem_consent import deem_consent
from applications.actions.deem_renewed import deem_renewed
from applications.actions.deem_withdrawn import deem_withdrawn
from applications.domain.lifecycle import STEP_DUTY, StepKind
from applications.domain.transitions import CLOCK_LABELS, ClockKind
from applications.models import Application, ApplicationStep, Clock
from applications.selectors.held import held_at
from halls.acting import Actor, system_actor
from halls.domain.duties import Duty
from halls.domain.errors import DomainError, Refused
from halls.domain.worktime import day_of
from halls.selectors.calendar_notices import is_unsettled
from halls.selectors.work_calendar import Moment, read_moment
from matters.domain.timeout import Policy, Where, forbidden
from matters.selectors.timeout import affair_of
from supervision.actions._claim import claim_red
from supervision.actions.brake import holds_back
from supervision.actions.tell_people import tell_ladder, tell_people
from supervision.models import Accountability, CardReview, LadderStep, LimitWarning, Message
from supervision.selectors.brakes import last_finished
from supervision.selectors.holders import holders_at
from supervision.selectors.overrun import PLACE_OF, Overrun, overrun_of, overruns, renewal_of, was_told
from supervision.selectors.supervised import names_of

logger = logging.getLogger(__name__)

FOLLOWED_AT_ONCE: Final = 500  # under a minute; a released backlog is worked off run by run, and the heart goes on
_EARN_A_CARD: Final = frozenset({Policy.DEEMED_ACCEPT, Policy.DEEMED_CONSENT, Policy.DEEMED_RENEW})
TOLD: Final = {
    Policy.DEEMED_ACCEPT: "自收到材料之日起视为受理，请立即办理第一个环节",
    Policy.DEEMED_WITHDRAW: "没有补正，视为撤回申请，请把终止办理告知书送达申请人",
    Policy.DEEMED_CONSENT: "视为无异议，已转下一环节",
    Policy.DEEMED_RENEW: "没有作出决定，视为准予延续，等审批人放行",
    Policy.ESCALATE: "还没有办，请上一级负责人处理",
}


@dataclass(frozen=True, slots=True)
class Followed:
    """One run: what followed, what failed and must be looked at, what the brake held back."""

    done: int = 0
    failed: int = 0
    held: int = 0


def follow_up(started: datetime) -> Followed:
    """Let follow what follows; `started` is when the sweep that asks began.

    Safe twice, on two workers, after days: a case is locked and looked at anew, a case that somebody else holds
    waits for the next run, and one that fails does not stop the others. So many at a time (FOLLOWED_AT_ONCE; what
    fails does not count, or it would keep the others waiting for ever): the rest is for the next run.
    """
    moment = read_moment()
    waiting = overruns(moment.at)
    if not waiting:
        return Followed()
    if holds_back(waiting, last_finished(started), moment):
        return Followed(held=len(waiting))
    done = failed = 0
    actor: Actor | None = None
    for overrun in waiting:
        if done >= FOLLOWED_AT_ONCE:
            break
        try:
            actor = actor or system_actor()
            done += _follow(overrun, actor)
        except Exception as error:  # noqa: BLE001 - the others must not wait for one bad case
            failed += 1
            code = error.code if isinstance(error, DomainError) else type(error).__name__
            logger.error("default_failed case=%d act=%s error=%s", overrun.application_id, overrun.act, code)
    return Followed(done, failed)


@transaction.atomic
def _follow(seen: Overrun, actor: Actor) -> bool:
    """Do it for one case, if it is still so under the lock; returns whether something followed."""
    case = Application.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=seen.application_id).first()
    clock = Clock.objects.filter(pk=seen.clock_id, stopped_at__isnull=True).first()
    moment = read_moment()
    if case is None or clock is None or _must_wait(clock, moment):
        return False
    steps = ApplicationStep.objects.filter(application=case)
    step = steps.filter(seq=seq).first() if (seq := clock.step_seq or case.step_seq) else None
    overrun = renewal_of(clock, case) if seen.act is Policy.DEEMED_RENEW else overrun_of(clock, case, step)
    if overrun is None or overrun.due >= moment.at:
        return False
    act = _what_may_follow(overrun, case, clock, step)
    is_recorded = Accountability.objects.filter(clock=clock, act=act).exists()
    if is_recorded and _ACTS[act] is _only_record:
        return False
    try:
        with transaction.atomic():
            _ACTS[act](case.pk, actor, overrun.citation)
    except Refused as refusal:
        if refusal.code == "not_yet":  # the villager was told, and has a working day from then
            return False
        raise
    if is_recorded:  # of what an act would have ended there is no record yet, unless somebody wrote it past the acts
        logger.error("default_was_recorded_without_its_act case=%d act=%s", case.pk, act)
    else:
        _open_account(overrun, act, case, clock, step, moment)
    _tell(overrun, act, case, clock, step)
    return True


def _must_wait(clock: Clock, moment: Moment) -> bool:
    """Whether the next run follows: the calendar may move the end, or cards of this limit are still to be claimed.

    Somebody had the case while cards were claimed, perhaps a sweep that was killed: those come first.
    """
    return is_unsettled(clock.application_id) or (clock.next_action_at is not None and clock.next_action_at < moment.at)


def _what_may_follow(overrun: Overrun, case: Application, clock: Clock, step: ApplicationStep | None) -> Policy:
    """Return what follows: less than was published where the case's own guide or an untold villager forbids it."""
    if overrun.policy is None:
        return overrun.act
    if overrun.act is Policy.DEEMED_WITHDRAW and not was_told(case, clock.started_at):
        return Policy.ESCALATE
    where, kind = Where(overrun.policy.place), step.kind if step else ""
    if forbidden(overrun.act, where, affair_of(case.guide), step_kind=kind):
        return Policy.ESCALATE
    return overrun.act


def _open_account(
    overrun: Overrun, act: Policy, case: Application, clock: Clock, step: ApplicationStep | None, moment: Moment
) -> None:
    """Open the record of accountability: who held the duty on the day the limit ran out, under which card."""
    is_organ = act is not Policy.DEEMED_WITHDRAW
    if act in _EARN_A_CARD and clock.due_at is not None and clock.due_at < moment.at:
        # A permit may end before the office's own limit does: then there is an account, and no card yet.
        claim_red(clock, moment.at)
    cards = LimitWarning.objects.filter(clock=clock, level=LimitWarning.Level.RED).exclude(
        reviews__act=CardReview.Act.REVOKE
    )
    card = cards.order_by("arming").last()
    path, duty = _seat(case, clock, overrun.due)
    Accountability.objects.create(
        application=case,
        clock=clock,
        act=act,
        fault=Accountability.Fault.ORGAN if is_organ else Accountability.Fault.APPLICANT,
        policy=overrun.policy,
        citation=overrun.citation,
        step_seq=clock.step_seq,
        step_name=step.name if step and clock.step_seq else "",
        seat_path=path,
        seat_name=names_of({path}).get(path, ""),
        holders=holders_at(path, duty, day_of(overrun.due)) if is_organ else [],
        card=card,
        breached_at=overrun.due,
        opened_at=moment.at,
    )


def _tell(overrun: Overrun, act: Policy, case: Application, clock: Clock, step: ApplicationStep | None) -> None:
    """Tell whoever stands above the late organ; of a withdrawal the clerk who filed, so that the villager hears of it.

    `case` is as it lay before: the ladder climbs from there.
    """
    limit = "原许可有效期" if overrun.act is Policy.DEEMED_RENEW else CLOCK_LABELS[ClockKind(clock.kind)]
    if step and clock.step_seq:
        limit = f"{limit}（{step.name}）"
    due = f"{day_of(overrun.due):%Y年%m月%d日}"
    words = f"{case.display_number} {case.matter.name}：{limit}于{due}届满，{TOLD[act]}。依据：{overrun.citation}。"
    key = f"default:{clock.pk}:{act}"
    if act is Policy.DEEMED_WITHDRAW:
        tell_people([case.filed_by], Message.Kind.NOTICE, words, case, level=LadderStep.Level.DEFAULT_ACTION, key=key)
    else:
        tell_ladder(LadderStep.Level.DEFAULT_ACTION, case, words, key=key)


def _seat(case: Application, clock: Clock, due: datetime) -> tuple[str, str]:
    """Whose duty it was: the organ's that held the case when the limit ran out, or the clerk's who had to tell."""
    if PLACE_OF[ClockKind(clock.kind)] is Where.SUPPLEMENT:
        return case.path, Duty.FILE
    held = held_at(clock, due)
    step = ApplicationStep.objects.filter(application=case, seq=held.step_seq).first() if held.step_seq else None
    return held.path, STEP_DUTY[StepKind(step.kind)] if step else Duty.ACCEPT


def _accept(case_id: int, actor: Actor, _basis: str) -> None:
    deem_accepted(case_id, actor=actor)


def _withdraw(case_id: int, actor: Actor, basis: str) -> None:
    deem_withdrawn(case_id, actor=actor, basis=basis)


def _consent(case_id: int, actor: Actor, basis: str) -> None:
    deem_consent(case_id, actor=actor, basis=basis)


def _renew(case_id: int, actor: Actor, basis: str) -> None:
    """The chain says so from now on; the case waits for the person who may grant it."""
    deem_renewed(case_id, actor=actor, basis=basis)


def _only_record(_case_id: int, _actor: Actor, _basis: str) -> None:
    """Nothing moves by itself: superiors are told."""


_ACTS: Final[dict[Policy, Callable[[int, Actor, str], None]]] = {
    Policy.DEEMED_ACCEPT: _accept,
    Policy.DEEMED_WITHDRAW: _withdraw,
    Policy.DEEMED_CONSENT: _consent,
    Policy.DEEMED_RENEW: _renew,
    Policy.ESCALATE: _only_record,
}
