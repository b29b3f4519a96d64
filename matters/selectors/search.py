"""Find matters by what people type: a name, an old name, pinyin, initials, a theme, a department."""

from __future__ import annotations

import re
from datetime import datetime

from django.db.models import Case, F, IntegerField, Q, TextField, Value, When
from django.db.models.functions import Cast

from matters.models import Matter
from matters.querysets import MatterQuerySet

MAX_WORDS, MAX_CHARACTERS = 8, 60
_SEPARATORS = re.compile(r"[\s,，、;；。.·]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def find_matters(
    words: str = "", *, tier: str | None = None, theme: str | None = None, department: str | None = None
) -> MatterQuerySet:
    """Return the published matters that answer, best first, each with its guide and department (one query).

    `tier`: only what a hall of this tier takes in. `department`: the code of a bureau. Without words
    the order is by pinyin. Order with words: the name begins so, the name contains it, an alias
    contains it, some pinyin or initials begin so, anything else.
    """
    found = Matter.objects.open_to_public()
    if tier:
        found = found.accepted_at(tier)
    if theme:
        found = found.filter(theme=theme)
    if department:
        found = found.filter(department__code=department)
    return ranked(found, words)


def changed_since(moment: datetime) -> MatterQuerySet:
    """Return every matter whose public side moved at the moment or later, closed ones too (one query).

    What one act changed at once has one moment: whoever goes on from the last row seen meets it again, and misses none.
    """
    found = Matter.objects.filter(current__isnull=False, changed_at__gte=moment)
    return found.select_related("current", "department", "merged_into").defer("current__content")


def ranked(matters: MatterQuerySet, words: str) -> MatterQuerySet:
    """Narrow any queryset of matters to the words, and order it."""
    terms = search_terms(words)
    if not terms:
        return matters.order_by("sort_key", "code")
    aliases = Cast(F("current__aliases"), TextField())
    return (
        matters.matching(" ".join(terms))
        .alias(alias_line=aliases)
        .alias(rank=_rank(terms))
        .order_by("rank", "-is_core", "sort_key", "code")
    )


def search_terms(words: str) -> tuple[str, ...]:
    """Return the words to look for, lower-case, without punctuation, not too many."""
    clean = _CONTROL.sub(" ", words).lower()[:MAX_CHARACTERS]
    return tuple(term for term in _SEPARATORS.split(clean) if term)[:MAX_WORDS]


def _rank(terms: tuple[str, ...]) -> Case:
    in_name, in_alias = Q(), Q()
    for term in terms:
        in_name &= Q(name__icontains=term)
        in_alias &= Q(alias_line__icontains=term)
    return Case(
        When(in_name & Q(name__istartswith=terms[0]), then=Value(0)),
        When(in_name, then=Value(1)),
        When(in_alias, then=Value(2)),
        When(Q(search_text__contains="\n" + terms[0]), then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
