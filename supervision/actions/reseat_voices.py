"""顺延办理: an open complaint whose every handler left, or has to stand aside by now, goes to the next in line."""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils.translation import gettext as _

from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from supervision.actions._voice import duty_at, tell
from supervision.domain.voices import COMPLAINTS, KIND_LABELS, Keeper, Kind, spaced
from supervision.models import Voice
from supervision.selectors.shield import keeper_of

logger = logging.getLogger(__name__)
_LINE = list(Keeper)


def reseat_voices() -> int:
    """Hand on every open complaint that nobody who may handle it is left for; returns how many. Safe to run twice."""
    today = day_of(read_moment().at)
    rows = Voice.objects.open().filter(kind__in=COMPLAINTS).order_by("pk")
    waiting = [voice.pk for voice in rows.iterator(500) if _is_behind(voice, keeper_of(voice, today))]
    return sum(_hand_on(pk) for pk in waiting)


def _is_behind(voice: Voice, keeper: Keeper) -> bool:
    """Whether it waits for somebody before in line; who was reached once keeps it, beside those who came back."""
    return _LINE.index(Keeper(voice.keeper)) < _LINE.index(keeper)


@transaction.atomic
def _hand_on(pk: int) -> bool:
    moment = read_moment()
    rows = Voice.objects.open().select_related("hall", "department")
    voice = rows.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    if voice is None:
        return False
    keeper = keeper_of(voice, day_of(moment.at))
    if not _is_behind(voice, keeper):
        return False
    voice.keeper = keeper
    voice.save(update_fields=["keeper"])
    logger.warning("voice_handed_on voice=%d keeper=%s", voice.pk, keeper)
    words = _("%(kind)s %(number)s 应当办理的人都须回避或者无人在岗，转到您这里，时限照算。") % {
        "kind": KIND_LABELS[Kind(voice.kind)],
        "number": spaced(voice.number),
    }
    tell(voice, voice.seat_path, duty_at(voice), words, f"voice:{voice.pk}:keeper:{keeper}", moment)
    return True
