"""Figures over complaints, reports of repeated trips, and inquiries. No line says who spoke, or what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from halls.paging import PageList
from halls.selectors.work_calendar import Moment
from supervision.domain.voices import OPEN, spaced
from supervision.figures import Present
from supervision.figures_voices import VOICE_FIGURES
from supervision.models import Voice, VoiceAct
from supervision.querysets import VoiceQuerySet
from supervision.selectors.figure_group import Cell, Group
from supervision.selectors.scope import OWN, Scope
from supervision.selectors.supervised import MATTER
from supervision.selectors.voices import MATTER_SEEN, seen_matter, visible_voices, with_row_columns

PREFIX: Final = "voices_"  # beside those of cases, where "open" is something else


def _rows(scope: Scope) -> QuerySet[Voice]:
    rows = visible_voices(scope.reader).filter(scope.elsewhere("about_path", "matter"))
    if any(narrowing.key == MATTER for narrowing in scope.narrowed):
        rows = rows.filter(MATTER_SEEN)  # else the narrowing would tell the matter of a case that is not seen
    if scope.key != OWN:
        return rows
    return rows.filter(pk__in=VoiceAct.objects.filter(user=scope.actor.user_id).order_by().values("voice"))


def _recent(present: Present) -> Q:
    acts = VoiceAct.objects.filter(at__gte=present.month, at__lt=present.next_month)
    due = Q(term__due_at__gte=present.month, term__due_at__lt=present.next_month)
    lodged = Q(lodged_at__gte=present.month, lodged_at__lt=present.next_month)
    return Q(state__in=sorted(OPEN)) | lodged | Q(pk__in=acts.order_by().values("voice")) | due


def _shown(rows: QuerySet[Any]) -> QuerySet[Any]:
    assert isinstance(rows, VoiceQuerySet)  # as `_rows` gives them
    return with_row_columns(rows)


def _lines(voices: Sequence[Any], _moment: Moment, _present: Present) -> list[dict[str, Cell]]:
    return [
        {
            "number": Cell(spaced(voice.number), reverse("voice", args=[voice.number])),
            "kind": Cell(voice.get_kind_display()),
            "about": Cell(voice.department.name if voice.department else voice.hall.name),
            "matter": Cell(matter.name if (matter := seen_matter(voice)) else ""),
            "lodged": Cell(f"{timezone.localtime(voice.lodged_at):%Y-%m-%d %H:%M}"),
            "due": Cell(f"{timezone.localtime(voice.term.due_at):%Y-%m-%d}"),
            "state": Cell(voice.get_state_display()),
        }
        for voice in voices
    ]


GROUP: Final = Group(
    key="voices",
    unit=_("件"),
    source=_("投诉、咨询和「多次跑」反映，及其每一次办理"),
    figures={f"{PREFIX}{key}": replace(one, key=f"{PREFIX}{key}") for key, one in VOICE_FIGURES.items()},
    rows=_rows,
    recent=_recent,
    shown=_shown,
    columns=(
        ("number", _("编号")),
        ("kind", _("类别")),
        ("about", _("反映的单位")),
        ("matter", _("事项")),
        ("lodged", _("提出")),
        ("due", _("答复期限")),
        ("state", _("状态")),
    ),
    lines=_lines,
    order=lambda _figure: PageList(("pk",), is_descending=True),
)
