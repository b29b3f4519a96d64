"""The bars under the header that say what cannot be trusted now (templates/components/banner.html)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from halls.acting import acting_user
from halls.domain.duties import Duty
from supervision.selectors import Heartbeat, Watch, read_watch


def banners_for(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the banners of this request: one statement for people at work, none for the public."""
    banners: list[dict[str, Any]] = []
    if request.user.is_authenticated:
        watch = watch_of(request)
        if not watch.heartbeat.is_alive and _answers_for_the_watch(request):
            banners.append(outage_banner(watch.heartbeat))
        banners += [_calendar_banner(year, is_current=year == watch.heartbeat.at.year) for year in watch.missing_years]
    if settings.DEMO:
        banners.append({"kind": "demo", "text": _("示例数据：人和办件都是编的，不能作为办事依据。")})
    return banners


def _answers_for_the_watch(request: HttpRequest) -> bool:
    """Whether this person supervises or runs the system; a clerk at a phone can do nothing about it."""
    actor = acting_user(request.user)
    return actor.has(Duty.SUPERVISE) or actor.has(Duty.ADMINISTER)


def watch_of(request: HttpRequest) -> Watch:
    """Return the state of the watch, read once per request."""
    kept: Watch | None = getattr(request, "_watch", None)
    if kept is None:
        kept = read_watch()
        request._watch = kept  # type: ignore[attr-defined]
    return kept


def outage_banner(beat: Heartbeat) -> dict[str, Any]:
    """Say since when nobody watches, what is missing for it, and what still holds."""
    since = _("巡检从未运行过") if beat.minutes is None else _("巡检已停 %(span)s") % {"span": _span(beat.minutes)}
    text = _("%(since)s：预警、黄牌、红牌没有登记，到期的特别程序没有恢复计时；灯的颜色按现在的时间计算，不受影响。")
    return {"kind": "danger", "text": text % {"since": since}}


def _span(minutes: int) -> str:
    if minutes < 120:
        return _("%(n)d 分钟") % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(n)d 小时") % {"n": minutes // 60}
    return _("%(n)d 天") % {"n": minutes // (24 * 60)}


def _calendar_banner(year: int, *, is_current: bool) -> dict[str, Any]:
    if is_current:
        text = _("%(year)d 年放假安排未载入：现在不能受理，请系统管理员载入。")
    else:
        text = _("%(year)d 年放假安排未发布：跨年的到期日为暂算。")
    return {"kind": "warning", "text": text % {"year": year}}
