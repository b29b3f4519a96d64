"""The brake on default actions: tripped by an outage or by too many at once, released by a named person."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from applications.models import Application
from halls.acting import Actor
from halls.domain.duties import Duty
from halls.domain.errors import Invalid, NotPermitted, Refused
from halls.selectors.work_calendar import Moment, read_moment
from supervision.domain.brake import is_too_many, was_out
from supervision.models import Brake
from supervision.selectors.brakes import county_roots, last_release, open_brake
from supervision.selectors.overrun import Overrun, overruns

logger = logging.getLogger(__name__)

LONGEST_REASON = 500


def holds_back(waiting: Sequence[Overrun], last_finished: datetime | None, moment: Moment) -> bool:
    """Return whether nothing may follow now; trips the brake where it has to.

    What had run out when somebody last released the brake goes: that person saw it. Nobody ever swept: no outage.
    """
    if open_brake() is not None:
        return True
    released = last_release()
    unseen = [one for one in waiting if released is None or one.due > released]
    cause = _cause(unseen, last_finished, moment)
    if cause is None:
        return False
    row = Brake(cause=cause, waiting=len(waiting), silent_since=last_finished, tripped_at=moment.at)
    Brake.objects.bulk_create([row], ignore_conflicts=True)  # another worker may have tripped it in this moment
    logger.error("defaults_held_back cause=%s waiting=%d", cause, len(waiting))
    return True


def _cause(unseen: Sequence[Overrun], last_finished: datetime | None, moment: Moment) -> Brake.Cause | None:
    if unseen and last_finished is not None and was_out(last_finished, moment.at, moment.calendar):
        return Brake.Cause.OUTAGE
    # The cheap half first: a handful needs no count of the county.
    if is_too_many(len(unseen), 0) and is_too_many(len(unseen), Application.objects.open().count()):
        return Brake.Cause.MASS
    return None


@transaction.atomic
def release_brake(*, actor: Actor, reason: str) -> Brake:
    """Let the default actions go that wait now; the next sweep does them.

    Raises NotPermitted (does not supervise the whole county), Refused (nothing is held back), Invalid (no reason).
    """
    if actor.is_system or not may_release(actor):
        raise NotPermitted("no_county_duty", "只有监察全县的人可以放行超时默认。", cure="请由县监察员核对原因后放行。")
    reason = reason.strip()
    if not reason:
        raise Invalid("reason_missing", "请写明放行的理由。", field="reason", cure="写清原因已经查明、为什么可以放行。")
    if len(reason) > LONGEST_REASON:
        raise Invalid("reason_too_long", f"理由不能超过 {LONGEST_REASON} 字。", field="reason", cure="请精简。")
    brake = Brake.objects.select_for_update().filter(released_at__isnull=True).first()
    if brake is None:
        raise Refused("not_held_back", "超时默认没有被刹住，不需要放行。", cure="请刷新页面，查看最新状态。")
    moment = read_moment()
    brake.released_at, brake.reason = moment.at, reason
    brake.released_by_id, brake.released_person, brake.released_name = actor.user_id, actor.person_code, actor.name
    brake.save()
    logger.warning("defaults_released brake=%d waiting=%d", brake.pk, len(overruns(moment.at)))
    return brake


def may_release(actor: Actor) -> bool:
    """Whether the actor supervises the whole county."""
    return any(actor.holds(Duty.SUPERVISE, path) for path in county_roots())
