"""The figures of complaints and inquiries: one named condition each, over the rows of `visible_voices(actor)`.

A condition is told the present and reads no clock. 「多次跑」 are counted like complaints, and by themselves.
"""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Case, Count, Exists, F, OuterRef, Q, When
from django.utils.translation import gettext_lazy as _

from applications.domain.lights import Colour
from applications.domain.transitions import ClockMove
from halls.acting import Actor
from supervision.domain.voices import OPEN, Kind, State
from supervision.figures import Figure, Present
from supervision.models import TermFact
from supervision.querysets import VoiceQuerySet
from supervision.selectors.terms import term_colour
from supervision.selectors.voices import MATTER_SEEN, visible_voices


def _ended_this_month(present: Present) -> Q:
    return Q(term__stopped_at__gte=present.month, term__stopped_at__lt=present.next_month)


def _lodged_this_month(present: Present) -> Q:
    return Q(lodged_at__gte=present.month, lodged_at__lt=present.next_month)


def _answered(present: Present) -> Q:
    return Q(state__in=(State.ANSWERED, State.CLOSED)) & _ended_this_month(present)


def _extended(present: Present) -> Q:
    facts = TermFact.objects.filter(
        term=OuterRef("term"), move=ClockMove.EXTEND, at__gte=present.month, at__lt=present.next_month
    )
    return Q(Exists(facts))


_IN_TIME: Final = Q(term__stopped_at__lte=F("term__due_at"))


def _fell_due(present: Present) -> Q:
    """The limit ran out in the month, answered or not; what was refused before is owed no answer."""
    ended = Q(term__due_at__gte=present.month, term__due_at__lt=present.so_far)
    return ended & (~Q(state=State.REFUSED) | Q(term__stopped_at__gt=F("term__due_at")))


_ALL: Final = (
    Figure(
        "open",
        _("待答复的投诉和咨询"),
        _("已经收到，还没有答复，也没有不予受理"),
        lambda _present: Q(state__in=sorted(OPEN)),
    ),
    Figure(
        "overdue",
        _("超期未答复的投诉和咨询"),
        _("办理期限已过，还没有答复；当天到期不算超过"),
        lambda present: Q(state__in=sorted(OPEN)) & term_colour(Colour.RED, present.now),
        light="red",
    ),
    Figure(
        "received_month",
        _("本月收到的投诉和咨询"),
        _("本月提出的投诉、「多次跑」反映和咨询"),
        _lodged_this_month,
        is_of_the_month=True,
    ),
    Figure(
        "answered_in_time_month",
        _("本月按时答复的投诉和咨询"),
        _("本月答复的，没有超过办理期限（延期的按延期后的期限）"),
        lambda present: _answered(present) & _IN_TIME,
        is_of_the_month=True,
    ),
    Figure(
        "answered_late_month",
        _("本月超期答复的投诉和咨询"),
        _("本月答复的，超过了办理期限"),
        lambda present: _answered(present) & Q(term__stopped_at__gt=F("term__due_at")),
        light="red",
        is_of_the_month=True,
    ),
    Figure(
        "refused_month",
        _("本月不予受理的投诉"),
        _("本月不予受理的投诉"),
        lambda present: Q(state=State.REFUSED) & _ended_this_month(present),
        is_of_the_month=True,
    ),
    Figure(
        "extended_month",
        _("本月延期的投诉"),
        _("本月延长过办理期限的投诉"),
        _extended,
        is_of_the_month=True,
    ),
    Figure(
        "repeat_month",
        _("本月反映的「多次跑」"),
        _("本月群众反映一件事跑了两次以上的"),
        lambda present: Q(kind=Kind.REPEAT) & _lodged_this_month(present),
        is_of_the_month=True,
    ),
    Figure(
        "due_month",
        _("本月到期的投诉和咨询"),
        _("办理、答复期限在本月已经届满的投诉和咨询，不论答没答复；届满前不予受理的不计；延期的按延期后的期限"),
        _fell_due,
        is_of_the_month=True,
    ),
    Figure(
        "due_kept_month",
        _("本月到期、按时答复的投诉和咨询"),
        _("本月到期的投诉和咨询中，届满时已经答复的"),
        lambda present: _fell_due(present) & _IN_TIME,
        is_of_the_month=True,
    ),
)
VOICE_FIGURES: Final = {figure.key: figure for figure in _ALL}


def voices_of(actor: Actor, figure: Figure, present: Present) -> VoiceQuerySet:
    """Exactly the rows that the figure counts for this actor."""
    return visible_voices(actor).filter(figure.condition(present))


def repeats_by_hall_and_matter(actor: Actor, present: Present, most: int) -> list[dict[str, Any]]:
    """「多次跑」 of this month per hall and matter, most first; without the matter of a case that is not seen."""
    rows = voices_of(actor, VOICE_FIGURES["repeat_month"], present).order_by()
    known = rows.annotate(
        code=Case(When(MATTER_SEEN, then=F("matter__code"))), name=Case(When(MATTER_SEEN, then=F("matter__name")))
    )
    counted = known.values("hall__code", "hall__name", "code", "name").annotate(reports=Count("pk"))
    return [
        {**row, "matter__code": row["code"], "matter__name": row["name"]}
        for row in counted.order_by("-reports", "hall__code", "code")[:most]
    ]
