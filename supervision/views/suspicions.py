"""疑点: four lists of what the rules allow and a supervisor should look at. Every row opens its case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from applications.domain.transitions import CLOCK_LABELS, ClockKind
from applications.models import Application, Event
from halls.acting import acting_user
from halls.selectors.work_calendar import read_moment
from supervision.selectors.supervised import require_duty
from supervision.selectors.suspicions import (
    LONG,
    SHOWN,
    Found,
    NearMiss,
    Return,
    Standstill,
    cut_short,
    near_misses,
    returns,
    standstills,
)

STATES: Final = {
    "red": ("red", gettext_lazy("已到红牌")),
    "over": ("yellow", gettext_lazy("已经超期")),
    "near": ("", gettext_lazy("差 1 个工作日到期或红牌")),
}


@login_required
@require_safe
def suspicions(request: HttpRequest) -> HttpResponse:
    """What came just in time, what came again, what was cut short or stood still: 90 days of the actor's range."""
    actor = acting_user(request.user)
    require_duty(actor)
    moment = read_moment()
    found: dict[str, Found[Any]] = {
        "near_misses": near_misses(actor, moment),
        "returns": returns(actor, moment),
        "cut_short": cut_short(actor, moment),
        "standstills": standstills(actor, moment),
    }
    context = {
        "page_title": _("疑点"),
        "page_lead": _("近 90 天。这些做法规则都允许，是否为了躲避红黄牌，请打开办件核实。范围：%(place)s。")
        % {"place": actor.hall_name},
        "breadcrumbs": [{"label": _("电子监察"), "url": reverse("supervision")}, {"label": _("疑点")}],
        "long": LONG,
        "shown": SHOWN,
        "is_cut": {key: one.is_cut for key, one in found.items()},
        **{key: [_ROWS[key](row) for row in one.rows] for key, one in found.items()},
    }
    return render(request, "supervision/suspicions.html", context)


def _case(case: Application) -> dict[str, Any]:
    return {
        "number": case.display_number,
        "url": reverse("case", args=[case.number]),
        "matter": case.matter.name,
        "village": case.hall.short_name,
    }


def _near_miss(one: NearMiss) -> dict[str, Any]:
    light, words = STATES[one.state]
    assert one.case.ended_at is not None
    return _case(one.case) | {
        "ended_at": timezone.localtime(one.case.ended_at),
        "clock": CLOCK_LABELS[ClockKind(one.clock.kind)],
        "statement_url": reverse("clock_statement", args=[one.case.number, one.clock.pk]),
        "due_at": one.clock.due_at and timezone.localtime(one.clock.due_at),
        "light": light,
        "state": words,
    }


def _return(one: Return) -> dict[str, Any]:
    earlier = one.earlier
    return _case(one.case) | {
        "submitted_at": one.case.submitted_at and timezone.localtime(one.case.submitted_at),
        "earlier": earlier.display_number,
        "earlier_url": reverse("case", args=[earlier.number]) if one.is_earlier_visible else "",
        "earlier_end": earlier.get_status_display(),
        "earlier_ended_at": earlier.ended_at and timezone.localtime(earlier.ended_at),
        "days_used": one.days_used,
    }


def _cut_short(act: Event) -> dict[str, Any]:
    left = act.detail.get("ended_early")
    if left is None:
        words = _("未启动")
    else:
        words = _("提前 %(days)s 天结束") % {"days": left} if left else _("最后一天未满即结束")
    return _case(act.application) | {
        "at": timezone.localtime(act.at),
        "step": act.detail["step"][1],
        "what": words,
        "organ": act.place,
        "who": f"{act.actor_name} {act.actor_post}".strip(),
        "reason": act.reason,
    }


def _standstill(one: Standstill) -> dict[str, Any]:
    return _case(one.case) | {
        "status": one.case.get_status_display(),
        "specials": one.specials,
        "special_days": one.special_days,
        "overruns": one.overruns,
        "supplements": one.supplements,
        "supplement_days": one.supplement_days,
        "days": one.days,
    }


_ROWS: Final[dict[str, Callable[[Any], dict[str, Any]]]] = {
    "near_misses": _near_miss,
    "returns": _return,
    "cut_short": _cut_short,
    "standstills": _standstill,
}
