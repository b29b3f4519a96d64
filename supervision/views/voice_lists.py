"""要答复的: the lists of complaints and inquiries for those who handle them, and of what one's hall is asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from halls.acting import Actor, acting_user
from halls.domain.errors import Invalid, NotPermitted
from halls.paging import PageList
from halls.selectors.work_calendar import Moment, read_moment
from supervision.domain.voices import KIND_LABELS, STATE_LABELS, Kind, State
from supervision.figures import Figure, Present
from supervision.figures_voices import VOICE_FIGURES, repeats_by_hall_and_matter
from supervision.models import Voice
from supervision.querysets import VoiceQuerySet
from supervision.selectors.voices import (
    LAST_ASKED_FIRST,
    NEWEST_FIRST,
    SHOWN,
    URGENT_FIRST,
    known_as,
    released_voices,
    seen_matter,
    visible_voices,
    with_row_columns,
)
from supervision.views.export import Sheet, as_file, by_chunks, export_links, file_asked, post_words
from supervision.views.parts import address
from supervision.views.sheets import VOICES
from supervision.views.term_parts import voice_light
from supervision.views.voices_public import STATE_KINDS

TABS: Final = {"mine": gettext_lazy("要答复的"), "all": gettext_lazy("全部"), "asked": gettext_lazy("要说明的")}


def require_work(actor: Actor) -> None:
    """Raises NotPermitted for somebody who has nothing to do with villagers' business."""
    if not actor.case_prefixes and not visible_voices(actor).exists():
        raise NotPermitted("no_duty_here", _("您现在的岗位不办理投诉和咨询。"), cure=_("请由窗口、部门或监察员办理。"))


@login_required
@require_safe
def voice_list(request: HttpRequest) -> HttpResponseBase:
    """What lies on one's own desk, most urgent first; everything one may read; what one's own hall is asked.

    `figure` narrows to exactly those it counted; `format` gives the list as a file.
    """
    actor = acting_user(request.user)
    require_work(actor)
    moment = read_moment()
    figure = _figure(request.GET.get("figure", ""))
    tab = request.GET.get("tab", "mine")
    tab = "all" if figure else (tab if tab in TABS else "mine")
    found, order = _found(actor, tab, figure, moment)
    is_shielded = tab == "asked"
    query = {"tab": tab, "figure": figure.key if figure else ""}
    lead = figure.definition if figure else _("投诉 3 个工作日、咨询 5 个工作日内答复；超过的亮红灯，并告知县监察员。")
    if form := file_asked(request):
        printed = by_chunks(order.ordered(found), lambda chunk: _rows(chunk, moment, is_shielded=is_shielded))
        label = figure.label if figure else _("投诉和咨询：%(tab)s") % {"tab": TABS[tab]}
        return as_file(form, Sheet(label, lead, post_words(actor), VOICES, printed), moment.at)
    page, cursor = order.after(found, request.GET.get("after", ""), SHOWN)
    here = reverse("voice_list")
    context = {
        "page_title": figure.label if figure else _("投诉和咨询"),
        "page_lead": lead,
        "tabs": [{"label": label, "url": f"{here}?tab={name}", "current": name == tab} for name, label in TABS.items()],
        "rows": _rows(page, moment, is_shielded=is_shielded),
        "exports": export_links("voice_list", **query) if page else [],
        "next_url": address("voice_list", **query, after=cursor) if cursor else "",
        "first_url": address("voice_list", **query) if request.GET.get("after") else "",
        "filter_action": here,
        "filter_fields": [{"name": "figure", "label": _("看哪个数字"), "kind": "select", "options": _options(figure)}],
        "repeats": _repeats(actor, moment) if figure and figure.key == "repeat_month" else [],
    }
    return render(request, "supervision/voices/list.html", context)


def _figure(key: str) -> Figure | None:
    if not key:
        return None
    figure = VOICE_FIGURES.get(key)
    if figure is None:
        raise Invalid("unknown_figure", _("没有这个数字。"), field="figure", cure=_("请从列表里重新选择。"))
    return figure


def _options(chosen: Figure | None) -> list[dict[str, Any]]:
    first = {"value": "", "label": _("不限"), "selected": chosen is None}
    return [first, *({"value": k, "label": f.label, "selected": f is chosen} for k, f in VOICE_FIGURES.items())]


def _repeats(actor: Actor, moment: Moment) -> list[dict[str, Any]]:
    rows = repeats_by_hall_and_matter(actor, Present.at(moment.at), SHOWN)
    return [
        {"hall": row["hall__name"], "matter": row["matter__name"] or _("没有对上事项"), "n": row["reports"]}
        for row in rows
    ]


def _found(actor: Actor, tab: str, figure: Figure | None, moment: Moment) -> tuple[VoiceQuerySet, PageList]:
    """The rows of the tab with what a line shows, and their order: the desk by its dates, the others newest first."""
    if tab == "mine":
        return with_row_columns(visible_voices(actor).open().seated_at(actor)), URGENT_FIRST
    if tab == "asked":
        return with_row_columns(released_voices(actor).open()), LAST_ASKED_FIRST
    found = visible_voices(actor)
    return with_row_columns(found.filter(figure.condition(Present.at(moment.at))) if figure else found), NEWEST_FIRST


def _rows(found: Iterable[Voice], moment: Moment, *, is_shielded: bool) -> list[dict[str, Any]]:
    return [voice_row(one, moment, is_shielded=is_shielded) for one in found]


def voice_row(voice: Voice, moment: Moment, *, is_shielded: bool = False) -> dict[str, Any]:
    """One line of a list; of a shielded one neither matter nor case nor when it came, nor its own number, which tells
    that.
    """
    number = known_as(voice) if is_shielded else voice.number
    matter = None if is_shielded else seen_matter(voice)
    return {
        "number": number if is_shielded else voice.display_number,
        "url": reverse("voice", args=[number]),
        "kind": KIND_LABELS[Kind(voice.kind)],
        "about": voice.about_name,
        "matter": matter.name if matter else "",
        "status": STATE_LABELS[State(voice.state)],
        "status_kind": STATE_KINDS.get(State(voice.state), "active"),
        "light": voice_light(voice, moment),
        "due": timezone.localtime(voice.term.due_at),
        "provisional": voice.term.is_provisional,
        "lodged_at": None if is_shielded else timezone.localtime(voice.lodged_at),
    }
