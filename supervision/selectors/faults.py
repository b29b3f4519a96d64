"""What makes the figures untrustworthy now: the faults that turn /healthz red and are told to the county once a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from halls.domain.worktime import day_of
from halls.models import Hall, Level, User
from halls.scopes import staff_at
from supervision.selectors.watch import Watch

TOLD_FROM_MONTH: Final = 12  # in November a county still waits for the notice of the next year


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: `key` tells it from others, `is_red` whether nothing may be called well while it lasts."""

    key: str
    words: str
    is_red: bool = True


def faults_of(watch: Watch) -> list[Fault]:
    """Return the faults of this state of the watch, the gravest first; reads nothing."""
    found = []
    beat, year = watch.heartbeat, watch.heartbeat.at.year
    if not beat.is_alive:
        since = f"{beat.last_finished:%Y-%m-%d %H:%M}" if beat.last_finished else _("从未")
        words = _(
            "巡检停了，上次完成：%(since)s。预警、红黄牌没有登记，特别程序到期没有恢复计时；请检查后台任务和定时器。"
        )
        found.append(Fault("sweep", words % {"since": since}))
    if watch.verification and watch.verification.faults:
        words = _("夜间核验发现办件记录有 %(n)d 处不符，可能有人改动过数据库，请立即查明。")
        found.append(Fault("ledger", words % {"n": watch.verification.faults}))
    if watch.proof and watch.proof.differences:
        words = _("夜间核对发现 %(n)d 处日期、灯或红黄牌与事实不符，请核对。")
        found.append(Fault("proof", words % {"n": watch.proof.differences}))
    if watch.clock.is_wrong:
        found.append(Fault("clock", _("数据库的时钟不对，请立即校正，并核对这段时间的期限。")))
    if watch.post.stuck_texts or watch.post.stuck_rungs:
        words = _("%(rungs)d 条预警、红黄牌或督办通知找不到人告知，%(texts)d 条外发消息发不出去，请核对岗位和通道。")
        found.append(Fault("outbox", words % {"rungs": watch.post.stuck_rungs, "texts": watch.post.stuck_texts}))
    for missing in watch.missing_years:
        if missing == year or beat.at.month >= TOLD_FROM_MONTH:
            words = _("%(year)d 年放假安排没有载入，到期日不能算准，请录入国务院办公厅的通知。")
            found.append(Fault(f"calendar-{missing}", words % {"year": missing}, is_red=missing == year))
    return found


def answerable(watch: Watch) -> list[User]:
    """The county's supervisors and administrators in post today: three statements."""
    counties = Hall.objects.filter(tier=Level.COUNTY).order_by().values_list("path", flat=True)
    posts = staff_at(counties, day_of(watch.heartbeat.at))
    return list({post.user_id: post.user for post, duties in posts if duties & {"supervise", "administer"}}.values())
