"""Whether the level above heard that a complaint or an inquiry was not answered in time: what a villager is told."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from supervision.domain.voices import root_of
from supervision.models import TermWarning, Untold, Voice


def has_level_above(voice: Voice) -> bool:
    """Whether anybody in the system is above whoever handles it: above the county nobody is."""
    return voice.seat_path != root_of(voice.seat_path)


def is_told_above(voice: Voice) -> bool:
    """Whether they were told that it is over: no rung of it waits for that any more (1 statement, or none)."""
    if not has_level_above(voice):
        return False
    waiting = Untold.objects.filter(term_warning=OuterRef("pk"), audience="")
    over = TermWarning.objects.filter(term=voice.term_id, level__in=(TermWarning.Level.YELLOW, TermWarning.Level.RED))
    return over.exclude(Exists(waiting)).exists()
