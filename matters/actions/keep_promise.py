"""本厅承诺: a hall promises less time than the guide, promises something else again, or takes its promise back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from halls.acting import Actor
from halls.domain.errors import Invalid, Problem, Refused, Stale
from halls.domain.plain_text import CURE, hidden_sign
from halls.domain.worktime import ONE_DAY, day_of
from halls.models import Hall
from halls.selectors.work_calendar import read_moment
from matters.actions._catalogue import next_change, require_not_abolished
from matters.actions._hall import begin_at, post_at
from matters.domain.hall_promise import SHORTEST, is_shorter
from matters.models import HallPromise, Matter, MatterVersion
from matters.selectors.hall_promises import hall_path_of, history_at
from matters.selectors.routing import acceptors_of

LONGEST_REASON = 300
FURTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class OwnPromise:
    """What a hall decides: so many working days from a day on; `days` None: from then on as the guide says."""

    days: int | None
    effective_on: date | None
    reason: str


@transaction.atomic
def keep_promise(
    hall_code: str, matter_code: str, promise: OwnPromise, *, actor: Actor, version: int | None = None
) -> HallPromise:
    """Decide what this hall promises from a later day on.

    `version` is the number of the newest decision that the actor's page showed (0: none). Running cases keep what they
    were promised. Raises NotFound, NotPermitted, Refused (`not_taken_in_here`, `not_accepted_here`, `immediate`,
    `abolished`, `no_own_promise`), Invalid, Stale.
    """
    hall, matter, guide = begin_at(hall_code, matter_code, actor)
    require_not_abolished(matter)
    days, effective_on, reason = promise.days, promise.effective_on, promise.reason.strip()
    newest = next(iter(history_at(hall, matter)), None)
    if version is not None and version != (newest.pk if newest else 0):
        raise Stale("stale_page", "本厅承诺刚刚被别人改过。", field="version", cure="请刷新页面，核对后再改。")
    if days is None and (newest is None or newest.days is None):
        raise Refused("no_own_promise", "本厅没有自己的承诺，本来就按办事指南。", cure="请刷新页面。")
    if days is not None:
        _require_promising(hall, matter, guide)
    moment = read_moment()
    problems = [*_of_days(days, guide), *_of_day(effective_on, day_of(moment.at)), *_of_reason(reason)]
    if problems or effective_on is None:
        raise Invalid("promise_invalid", "本厅承诺有误。", problems=tuple(problems))
    row = HallPromise.objects.create(
        hall=hall,
        matter=matter,
        days=days,
        effective_on=effective_on,
        reason=reason,
        decided_at=moment.at,
        user_id=actor.user_id,
        person_code=actor.person_code,
        actor_name=actor.name,
        actor_post=post_at(actor, hall),
    )
    Matter.objects.filter(pk=matter.pk).update(changed_at=next_change())
    return row


def _require_promising(hall: Hall, matter: Matter, guide: MatterVersion) -> None:
    """Raises Refused where there is no promise to shorten, or another hall makes it."""
    if guide.is_immediate or guide.promised_days <= SHORTEST:
        raise Refused(
            "immediate", f"「{matter.name}」当场办结或只承诺 1 个工作日，不能再短。", cure="这类事项不用另作承诺。"
        )
    acceptor = hall_path_of(acceptors_of(hall.path, hall.tier, [guide]).get(guide.pk, ""))
    if acceptor != hall.path:
        name = Hall.objects.filter(path=acceptor).values_list("name", flat=True).first() or "别的大厅"
        raise Refused(
            "not_accepted_here",
            f"本厅收的「{matter.name}」由{name}受理，时限由受理的大厅承诺。",
            cure=f"请联系{name}的事项管理员。",
        )


def _of_days(days: int | None, guide: MatterVersion) -> list[Problem]:
    if days is None or is_shorter(days, guide.promised_days, is_immediate=guide.is_immediate):
        return []
    message = (
        f"承诺时限至少 {SHORTEST} 个工作日。"
        if days < SHORTEST
        else (f"办事指南承诺 {guide.promised_days} 个工作日，本厅只能承诺得更短。")
    )
    return [
        Problem(
            "days",
            message,
            f"请填 {SHORTEST} 到 {guide.promised_days - 1}。",
        )
    ]


def _of_day(effective_on: date | None, today: date) -> list[Problem]:
    """It begins on a later day, so that nobody who was accepted before can have been promised it."""
    if effective_on is not None and today < effective_on <= today + FURTHEST:
        return []
    first = today + ONE_DAY
    return [Problem("effective_on", "施行日期最早是明天，最晚在一年以内。", f"请填 {first:%Y-%m-%d} 或以后的日期。")]


def _of_reason(reason: str) -> list[Problem]:
    if hidden := hidden_sign(reason):
        return [Problem("reason", f"理由里有看不见的字符（{hidden}）。", CURE)]
    if reason and len(reason) <= LONGEST_REASON and "\x00" not in reason:
        return []
    return [Problem("reason", f"请写明理由（{LONGEST_REASON} 字以内）。", "群众会看到，一两句话写清。")]
