"""What became of limits that ran out: releases that wait for a person, the brake."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from halls.acting import acting_user
from halls.domain.duties import Duty
from halls.domain.errors import Invalid, NotFound, NotPermitted
from halls.selectors.work_calendar import read_moment
from supervision.actions.brake import may_release, release_brake
from supervision.actions.release import release
from supervision.models import Accountability, Brake
from supervision.selectors.brakes import brakes
from supervision.selectors.overrun import overruns
from supervision.selectors.timeout import pending_releases
from supervision.views.defaults import frame, require_reader


@login_required
@require_safe
def releases(request: HttpRequest) -> HttpResponse:
    """Renewals whose limit ran out: the law counts them as renewed, a named person lets them go."""
    actor = acting_user(request.user)
    if not actor.has(Duty.DECIDE):
        require_reader(actor)
    waiting = [_waiting(row) | {"may": actor.holds(Duty.DECIDE, row.case.seat_path)} for row in pending_releases(actor)]
    lead = _("逾期没有决定的延续，依法视为准予；由决定机构的审批人核对后放行，受理人不能放行。")
    context = frame(actor, _("待放行"), lead, "defaults_releases", leaf=True) | {"rows": waiting}
    return render(request, "supervision/defaults/releases.html", context)


def _waiting(row: Accountability) -> dict[str, Any]:
    return {
        "number": row.case.display_number,
        "url": reverse("case", args=[row.case.number]),
        "release_url": reverse("defaults_release", args=[row.pk]),
        "matter": row.case.matter.name,
        "organ": row.case.seat_name,
        "citation": row.citation,
        "breached_at": timezone.localtime(row.breached_at),
    }


@login_required
@require_http_methods(["GET", "POST"])
def release_one(request: HttpRequest, account_id: int) -> HttpResponse:
    """Let one renewal go, with an opinion; by the ordinary verb of granting."""
    actor = acting_user(request.user)
    row = pending_releases(actor).filter(pk=account_id).first()
    if row is None:
        raise NotFound(_("没有这项待放行的延续，或者它不在您的办理范围内。"))
    if not actor.holds(Duty.DECIDE, row.case.seat_path):
        raise NotPermitted(
            "no_duty_here", _("您在本件所在的机构没有「决定」职责，不能放行。"), cure=_("请由决定机构的审批人放行。")
        )
    note, error = request.POST.get("note", ""), ""
    if request.method == "POST":
        try:
            case = release(account_id, actor=actor, note=note, version=_version(request))
        except Invalid as refusal:
            error = f"{refusal.message}{refusal.cure}"
        else:
            messages.success(request, _("已放行：%(number)s") % {"number": case.display_number})
            return redirect("case", number=case.number)
    context = frame(actor, _("放行延续"), "", "defaults_releases", leaf=True) | _waiting(row)
    context |= {"note": note, "error": error, "version": row.case.version}
    return render(request, "supervision/defaults/release.html", context, status=422 if error else 200)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise Invalid("version", _("页面不完整。"), cure=_("请刷新页面后再放行。"))
    return int(text)


@login_required
@require_http_methods(["GET", "POST"])
def brake(request: HttpRequest) -> HttpResponse:
    """Whether default actions are held back, why, how many; the county's supervisor lets them go."""
    actor = acting_user(request.user)
    require_reader(actor)
    reason, error = request.POST.get("reason", ""), ""
    if request.method == "POST":
        try:
            release_brake(actor=actor, reason=reason)
        except Invalid as refusal:
            error = f"{refusal.message}{refusal.cure}"
        else:
            messages.success(request, _("已放行，下一次巡检（一分钟内）开始办理。"))
            return redirect("defaults_brake")
    rows = brakes()
    held = next((row for row in rows if row.released_at is None), None)
    lead = _("巡检停过 2 小时以上，或一次要默认的太多（超过 20 件且超过在办的 5%），全部先停下，由县监察员放行。")
    context = frame(actor, _("刹车"), lead, "defaults_brake", leaf=True) | {
        "held": held and _brake(held),
        "waiting_now": len(overruns(read_moment().at)) if held else 0,
        "rows": [_brake(row) for row in rows if row.released_at is not None],
        "may_release": may_release(actor),
        "reason": reason,
        "error": error,
    }
    return render(request, "supervision/defaults/brake.html", context, status=422 if error else 200)


def _brake(row: Brake) -> dict[str, Any]:
    return {
        "cause": row.get_cause_display(),
        "waiting": row.waiting,
        "silent_since": row.silent_since and timezone.localtime(row.silent_since),
        "tripped_at": timezone.localtime(row.tripped_at),
        "released_at": row.released_at and timezone.localtime(row.released_at),
        "released_name": row.released_name,
        "reason": row.reason,
    }
