"""What an actor may do to a case: derived from the lifecycle table and the duties, nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from applications.domain.lifecycle import (
    AFTER_SILENCE,
    BY_VERB,
    STATUS_LABELS,
    TABLE,
    Status,
    StepKind,
    Transition,
    Verb,
    duty_for,
    is_possible,
)
from applications.domain.separation import forbid_own_case
from applications.domain.transitions import Place
from applications.models import Application
from applications.selectors.position import Position
from applications.selectors.renewal import was_deemed_renewed
from applications.selectors.silence import is_accepted_by_silence
from halls.acting import Actor
from halls.domain.duties import DUTY_LABELS, Duty
from halls.domain.errors import NotPermitted, Refused


def place_path(application: Application, place: Place, position: Position | None = None) -> str:
    """The path of the node at which a verb's duty must be held; "" where there is none now."""
    if place is Place.DECISION:
        steps = position.steps if position else ()
        return next((step.path for step in steps if step.is_final_decision), "")
    return {
        Place.FILING: application.path,
        Place.ACCEPTANCE: application.accept_path,
        Place.STEP: application.seat_path,
        Place.RESULT: application.result_path,
        Place.DESTINATION: application.destination_path,
    }[place]


def may(actor: Actor, verb: Verb, application: Application, position: Position) -> bool:
    """Whether the actor holds the verb's duty at the verb's place."""
    row = BY_VERB[verb]
    if row.by_system or (row.duty is None and position.current is None):
        return row.by_system and actor.is_system
    path = place_path(application, row.place, position)
    return bool(path) and actor.holds(duty_for(verb, position.facts), path)


def require(actor: Actor, verb: Verb, application: Application, position: Position) -> None:
    """May, then can. Raises NotPermitted (no duty there) or Refused (not possible now)."""
    row = BY_VERB[verb]
    status = Status(application.status)
    possible = is_possible(verb, status, position.facts)
    if not may(actor, verb, application, position):
        if not possible and (row.by_system or not place_path(application, row.place, position)):
            raise _not_now(row, status)
        if row.by_system:
            raise NotPermitted(
                "by_system_only", f"「{row.label}」由系统依规则办理，没有人可以代办。", cure="请刷新页面。"
            )
        duty = Duty(duty_for(verb, position.facts)) if row.duty or position.current else None
        label = DUTY_LABELS[duty] if duty else row.label
        raise NotPermitted(
            "no_duty_here",
            f"您在本件所在的机构没有「{label}」职责，不能{row.label}。",
            cure="请由该机构的承办人办理；如岗位有误，请联系系统管理员。",
        )
    if not possible:
        raise _not_now(row, status)


def require_no_silence(verb: Verb, application: Application, now: datetime) -> None:
    """Raises Refused (`accepted_by_silence`) for what a case that the law has accepted leaves no room for."""
    if verb in AFTER_SILENCE or not is_accepted_by_silence(application, now):
        return
    raise Refused(
        "accepted_by_silence",
        f"受理时限已经届满，没有受理也没有一次性告知，依法自收到材料之日起即为受理，不能再{BY_VERB[verb].label}。",
        cure="请直接受理；没有人受理的，由系统登记为视为受理。申请人不想办了的，可以撤回申请。",
    )


def _not_now(row: Transition, status: Status) -> Refused:
    return Refused(
        "not_possible_now",
        f"本件现在是「{STATUS_LABELS[status][0]}」，不能{row.label}。",
        cure="请刷新页面，按最新状态办理。",
    )


@dataclass(frozen=True)
class Offer:
    """A row of the table that this actor's duties allow now; `why_not` says what still forbids it."""

    row: Transition
    why_not: str = ""


def offers(actor: Actor, application: Application, position: Position, now: datetime) -> tuple[Offer, ...]:
    """What the actor could do with this case now, in the table's order, with what forbids it."""
    status = Status(application.status)
    return tuple(
        Offer(row, _why_not(row.verb, actor, application, position))
        for row in TABLE
        if is_possible(row.verb, status, position.facts)
        and may(actor, row.verb, application, position)
        and _is_the_moment(row.verb, application, now)
    )


def available_verbs(
    actor: Actor, application: Application, position: Position, now: datetime
) -> tuple[Transition, ...]:
    """The rows of the table this actor may use on this case now, in the table's order."""
    return tuple(offer.row for offer in offers(actor, application, position, now) if not offer.why_not)


def require_another_person(actor: Actor, application: Application, position: Position) -> None:
    """Raises Refused (`accepted_by_decider`) when the acceptor stands at a deciding step of the case."""
    if position.current is not None and position.current.kind in (StepKind.DECIDE, StepKind.INSTANT):
        forbid_own_case(
            accepted_person=application.accepted_person,
            actor_person=actor.person_code,
            is_immediate=application.guide.is_immediate,
        )


def _why_not(verb: Verb, actor: Actor, application: Application, position: Position) -> str:
    if verb not in (Verb.GRANT, Verb.REFUSE, Verb.PASS_ON):
        return ""
    try:
        require_another_person(actor, application, position)
    except Refused as refusal:
        return refusal.message
    return ""


def _is_the_moment(verb: Verb, application: Application, now: datetime) -> bool:
    """Rules that hide a button: one notice and one extension only, nothing on its way twice, nothing after silence."""
    if verb not in AFTER_SILENCE and is_accepted_by_silence(application, now):
        return False
    if verb is Verb.REQUEST_CORRECTION:
        return not application.was_corrected
    if verb is Verb.EXTEND:
        return not application.was_extended
    if verb is Verb.REFUSE:
        return not was_deemed_renewed(application)
    if verb is Verb.TAKE_OVER:
        return bool(application.destination_path)
    if verb in (Verb.HAND_OVER, Verb.DELIVER):
        return not application.destination_path
    return True


def may_handle_immediately(actor: Actor, application: Application, position: Position) -> bool:
    """Whether this counter may do all of an immediate matter at once (即办件, 当场办结)."""
    if not application.guide.is_immediate or not position.worked:
        return False
    first = position.worked[0]
    return (
        application.status in (Status.SUBMITTED, Status.RECEIVED)
        and first.kind == StepKind.INSTANT
        and actor.holds(Duty.ACCEPT, application.accept_path)
        and actor.holds(Duty.ACCEPT, first.path)
        and actor.holds(Duty.ISSUE, first.path)
    )
