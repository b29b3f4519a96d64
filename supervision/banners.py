"""The bars under the header that say what cannot be trusted now (templates/components/banner.html)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from halls.acting import Actor, acting_user
from halls.domain.duties import Duty
from halls.permissions import may_sign
from supervision.domain.disagreement import things
from supervision.selectors import DatabaseClock, Heartbeat, Watch, read_watch
from supervision.selectors.messages import county_roots
from supervision.selectors.signatures import BULLETIN, CALENDAR, EXCLUSION, POLICY, RULES
from supervision.selectors.watch import HeldBack, LastProof, ToSign

# The first pages of those who sign (an administrator begins with the calendar): what waits for them is told there.
HOMES = frozenset({"home", "supervision", "calendar"})
# Where the second signature is given, and where all that wait for one are listed.
SIGNED_AT: dict[str, tuple[str, str]] = {
    CALENDAR: ("calendar_notice", "calendar"),
    RULES: ("supervision_rule_set", "supervision_rules"),
    POLICY: ("defaults_policy", "defaults"),
    EXCLUSION: ("supervision_exclusion", "supervision_exclusions"),
    BULLETIN: ("bulletin", "bulletins"),
}
SIGNED: dict[str, Any] = {
    CALENDAR: gettext_lazy("工作日历"),
    RULES: gettext_lazy("红黄牌规则"),
    POLICY: gettext_lazy("超时默认"),
    EXCLUSION: gettext_lazy("不参加排名"),
    BULLETIN: gettext_lazy("统计通报"),
}
OUTAGE = "outage"  # the supervisors' first page shows this one in its middle part


def banners_for(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the banners of this request: one statement for people at work, none for the public."""
    banners: list[dict[str, Any]] = []
    if request.user.is_authenticated:
        watch = watch_of(request)
        if _answers_for_the_watch(request):
            banners += [] if watch.heartbeat.is_alive else [outage_banner(watch.heartbeat)]
            leads = {"action_url": reverse("supervision_runs"), "action_label": _("查看")}
            may_look = bool(acting_user(request.user).supervises)
            banners += [
                banner | leads if may_look else banner for banner in (*_ledger_banners(watch), *_proof_banners(watch))
            ]
            banners += _post_banners(watch, acting_user(request.user))
            banners += [_brake_banner(watch.held_back)] if watch.held_back else []
            banners += [_unsettled_banner(may_look=may_look)] if watch.is_unsettled else []
            banners += _sign_banners(request, watch)
        if not watch.is_compared:
            banners += _sameness_banners(acting_user(request.user))
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
        kept = read_watch(request.user.pk)
        request._watch = kept  # type: ignore[attr-defined]
    return kept


def outage_banner(beat: Heartbeat) -> dict[str, Any]:
    """Say since when nobody watches, what is missing for it, and what still holds."""
    if beat.is_blocked:
        words = _(
            "巡检被挡住：有别的数据库连接一直占着巡检的锁，这段时间登记的巡检不作数；灯的颜色按现在的时间计算，不受影响。"
        )
        return {"kind": "danger", "key": OUTAGE, "text": words}
    since = _("巡检从未运行过") if beat.minutes is None else _("巡检已停 %(span)s") % {"span": _span(beat.minutes)}
    text = _("%(since)s：预警、黄牌、红牌没有登记，到期的特别程序没有恢复计时；灯的颜色按现在的时间计算，不受影响。")
    return {"kind": "danger", "key": OUTAGE, "text": text % {"since": since}}


def proof_text(proof: LastProof) -> str:
    """Say what the nightly proof found different, since when, and what to do about it."""
    found = _("%(n)d 处日期、灯或红黄牌与事实不符") % {"n": proof.differences}
    listed = "、".join(_("%(thing)s %(n)d 处") % {"thing": thing, "n": n} for thing, n in things(proof.found))
    since = (
        _("自 %(at)s 的核对起一直有，") % {"at": date_format(proof.since, "n月j日 H:i")}
        if proof.since and proof.since < proof.finished
        else ""
    )
    text = _("夜间核对（%(at)s）发现 %(found)s%(listed)s。%(since)s请系统管理员打开巡检记录，按那里写的步骤处理。")
    return text % {
        "at": date_format(proof.finished, "n月j日 H:i"),
        "found": found,
        "listed": f"（{listed}）" if listed else "",
        "since": since,
    }


def _proof_banners(watch: Watch) -> list[dict[str, Any]]:
    """Say that nobody proved the dates last night; an installation that had no night yet is not asked."""
    if watch.is_proved or (watch.proof is None and watch.anchor is None):
        return []
    if watch.proof is None:
        since = _("夜间核对还没有做过一次")
    else:
        since = _("上次夜间核对是 %(at)s，此后一直没有再做") % {"at": date_format(watch.proof.finished, "n月j日 H:i")}
    text = _("%(since)s：到期日、灯和红黄牌如有差错，不会被发现。请检查定时任务，并运行 manage.py prove_lights。")
    return [{"kind": "warning", "text": text % {"since": since}}]


def _ledger_banners(watch: Watch) -> list[dict[str, Any]]:
    """Say that the ledger was found false, that the database's clock was moved, or that nobody proved the night."""
    found: list[dict[str, Any]] = []
    if watch.clock.is_wrong:
        found.append({"kind": "danger", "text": _clock_text(watch.clock)})
    if watch.verification and watch.verification.faults:
        text = _("夜间核验发现办件记录有 %(n)d 处不符：可能有人改动过数据库，请立即查明。")
        found.append({"kind": "danger", "text": text % {"n": watch.verification.faults}})
    if not watch.is_anchored or not watch.is_verified:
        lacking = [
            _("锚点") if not watch.is_anchored else "",
            _("办件记录核验") if not watch.is_verified else "",
        ]
        text = _("超过 26 小时没有%(what)s：此后记录若被整体改写，将无从对证。请系统管理员检查定时任务和锚点文件。")
        what = _("和").join(filter(None, lacking))
        found.append({"kind": "warning", "text": text % {"what": what}})
    return found


def _clock_text(clock: DatabaseClock) -> str:
    if clock.is_behind:
        return _("数据库的时钟被往回拨过：有办理或巡检的时间晚于当时的时钟。请立即校正，并核对这段时间的期限。")
    if clock.jump is not None:
        text = _("数据库的时钟在两次巡检之间跳了 %(n)d 秒。请立即校正，并核对这段时间的期限。")
        return text % {"n": clock.jump}
    text = _("数据库服务器和应用服务器的时钟相差 %(n)d 秒。请校正两台服务器的时钟。")
    return text % {"n": abs(clock.gap or 0)}


def _brake_banner(held: HeldBack) -> dict[str, Any]:
    text = _("超时默认已刹住：自 %(since)s 起有 %(n)d 件等待，放行以前一件也不办。")
    words = text % {"since": date_format(held.since, "n月j日 H:i"), "n": held.waiting}
    return {
        "kind": "warning",
        "text": words,
        "action_url": reverse("defaults_brake"),
        "action_label": _("查看原因"),
    }


def _unsettled_banner(*, may_look: bool) -> dict[str, Any]:
    text = _(
        "工作日历有改动，还有办件没有按新日历重算成：它们的预警、红黄牌、恢复计时和超时默认都先停着，巡检每次再试。"
    )
    lead = {"action_url": reverse("calendar"), "action_label": _("查看")} if may_look else {}
    return {"kind": "warning", "text": text} | lead


def _sign_banners(request: HttpRequest, watch: Watch) -> list[dict[str, Any]]:
    """Say on the first page what others proposed and wait for this person's signature; one statement more then."""
    page = request.resolver_match.url_name if request.resolver_match else ""
    if not watch.to_sign or page not in HOMES or not may_sign(acting_user(request.user)):
        return []
    return [_sign_banner(waiting) for waiting in watch.to_sign]


def _sign_banner(waiting: ToSign) -> dict[str, Any]:
    page, listing = SIGNED_AT[waiting.kind]
    if waiting.kind == BULLETIN:
        text = _("待您审核或签发：%(what)s %(n)d 份。由系统起草，一人审核、另一人签发后公布。")
    else:
        text = _("待您确认：%(what)s %(n)d 项。由别人提出，须另一人核对后确认或撤下。")
    return {
        "kind": "info",
        "text": text % {"what": SIGNED[waiting.kind], "n": waiting.number},
        "action_url": reverse(page, args=[waiting.first]) if waiting.number == 1 else reverse(listing),
        "action_label": _("去核对") if waiting.kind == BULLETIN else _("去确认"),
    }


def _sameness_banners(actor: Actor) -> list[dict[str, Any]]:
    """Say that the nightly comparison of guides stopped, to whoever reads it or runs the system."""
    may_look = actor.has(Duty.EDIT_MATTERS) or actor.has(Duty.SUPERVISE)
    if not (may_look or actor.has(Duty.ADMINISTER)):
        return []
    text = _("八统一核对已经两天没有运行：同一事项的说法是否一致，没有人在看。请系统管理员检查定时任务。")
    lead = {"action_url": reverse("matter_sameness"), "action_label": _("查看")} if may_look else {}
    return [{"kind": "warning", "text": text} | lead]


def _span(minutes: int) -> str:
    if minutes < 120:
        return _("%(n)d 分钟") % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(n)d 小时") % {"n": minutes // 60}
    return _("%(n)d 天") % {"n": minutes // (24 * 60)}


def _post_banners(watch: Watch, actor: Actor) -> list[dict[str, Any]]:
    """Say what could not be told or sent, to those of the county who can mend it."""
    if not (watch.post.stuck_texts or watch.post.stuck_rungs) or not county_roots(actor):
        return []
    parts = []
    if watch.post.stuck_rungs:
        parts.append(_("%(n)d 条预警、红黄牌或督办通知找不到人告知") % {"n": watch.post.stuck_rungs})
    if watch.post.stuck_texts:
        parts.append(_("%(n)d 条外发消息多次没有发出") % {"n": watch.post.stuck_texts})
    leads = {"action_url": reverse("supervision_outbox"), "action_label": _("去处理")}
    return [{"kind": "danger", "text": _("%(parts)s，请核对岗位和通道。") % {"parts": "，".join(parts)}} | leads]


def _calendar_banner(year: int, *, is_current: bool) -> dict[str, Any]:
    if is_current:
        text = _("%(year)d 年放假安排未载入：现在不能受理，请系统管理员载入。")
    else:
        text = _("%(year)d 年放假安排未发布：跨年的到期日为暂算，春节、清明、端午、中秋还没有扣除。")
    return {"kind": "warning", "text": text % {"year": year}}
