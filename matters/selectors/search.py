"""Find matters by what people type: a name, an old name, plain words, pinyin, initials, a theme, a department."""

from __future__ import annotations

import re
from datetime import datetime
from functools import reduce
from operator import add

from django.db.models import Case, Expression, F, IntegerField, Q, Value, When

from matters.domain.search_line import MEANT, SPOKEN_END, like, pieces_of, slips_of
from matters.models import Matter
from matters.querysets import Like, MatterQuerySet
from matters.spelling import full_pinyin

MAX_WORDS, MAX_CHARACTERS = 8, 60
_SEPARATORS = re.compile(r"[\s,，、;；。.·?？!！]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MOST_PATTERNS = 60
AUDIENCES = {"person": ("自然人",), "legal": ("法人", "其他组织")}
# A slip of one character says more than a shared pair of characters; the same sound says most.
SOUND, SLIP, TERM, PIECE = 6, 4, 3, 1


def find_matters(
    words: str = "",
    *,
    tier: str | None = None,
    theme: str | None = None,
    department: str | None = None,
    with_paused: bool = False,
) -> MatterQuerySet:
    """Return the published matters that answer, best first, each with its guide and department (one query).

    `tier`: only what a hall of this tier takes in. `department`: the code of a bureau. Without words
    the order is by pinyin. `with_paused`: also what is paused in the whole county.
    Order with words: what people mean by just these words, what is called
    just so, the name begins so, the name contains it, an alias or a phrase contains it, some pinyin
    or initials begin so, anything else.
    """
    return ranked(on_shelf(tier=tier, theme=theme, department=department, with_paused=with_paused), words)


def on_shelf(
    *,
    tier: str | None = None,
    theme: str | None = None,
    department: str | None = None,
    life_event: str | None = None,
    audience: str | None = None,
    with_paused: bool = False,
) -> MatterQuerySet:
    """Return the published matters of a shelf, in no order. `audience`: "person" or "legal"."""
    found = Matter.objects.listed() if with_paused else Matter.objects.open_to_public()
    if tier:
        found = found.accepted_at(tier)
    if theme:
        found = found.filter(theme=theme)
    if department:
        found = found.filter(department__code=department)
    if life_event:
        found = found.filter(current__life_events__contains=[life_event])
    if audience in AUDIENCES:
        found = found.filter(current__service_objects__overlap=list(AUDIENCES[audience]))
    return found


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
    return matters.matching(" ".join(terms)).alias(rank=_rank(terms)).order_by("rank", "-is_core", "sort_key", "code")


def nearest(matters: MatterQuerySet, words: str) -> MatterQuerySet:
    """Return what comes near the words when nothing answers them: one slip of the finger, the same sound, a part.

    The nearest first (one query); nothing when no pair of characters is shared.
    """
    scores = _scores(search_terms(words))
    if not scores:
        return matters.none()
    points = reduce(add, (_when(pattern, points) for pattern, points in scores))
    return (
        matters.containing_any([pattern for pattern, _points in scores])
        .alias(points=points)
        .order_by("-points", "-is_core", "sort_key", "code")
    )


def search_terms(words: str) -> tuple[str, ...]:
    """Return the words to look for, lower-case, without punctuation, not too many."""
    clean = _CONTROL.sub(" ", words).lower()[:MAX_CHARACTERS]
    return tuple(term for term in _SEPARATORS.split(clean) if term)[:MAX_WORDS]


def _rank(terms: tuple[str, ...]) -> Case:
    whole = "".join(terms)
    in_name, in_spoken = Q(), Q()
    for term in terms:
        in_name &= Q(name__icontains=term)
        in_spoken &= Q(Like(F("search_text"), f"%{like(term)}%{SPOKEN_END}%"))
    return Case(
        When(search_text__contains=f"\n{MEANT}{whole}\n", then=Value(0)),
        When(Like(F("search_text"), f"%\n{like(whole)}\n%{SPOKEN_END}%"), then=Value(1)),
        When(in_name & Q(name__istartswith=terms[0]), then=Value(2)),
        When(in_name, then=Value(3)),
        When(in_spoken, then=Value(4)),
        When(search_text__contains=f"\n{terms[0]}", then=Value(5)),
        default=Value(6),
        output_field=IntegerField(),
    )


def _scores(terms: tuple[str, ...]) -> list[tuple[str, int]]:
    """LIKE patterns that a matter may share with the words, and how much that says."""
    found: dict[str, int] = {}

    def note(pattern: str, points: int) -> None:
        found.setdefault(pattern, points)

    for term in terms:
        note(like(term), TERM)
        if not term.isascii() and len(sound := full_pinyin(term)) > 3:
            note(sound, SOUND)
        for slip in slips_of(term):
            note(slip, SLIP)
    for term in terms:
        if not term.isascii():
            for piece in pieces_of(term):
                note(like(piece), PIECE)
    return list(found.items())[:MOST_PATTERNS]


def _when(pattern: str, points: int) -> Expression:
    return Case(
        When(Like(F("search_text"), f"%{pattern}%"), then=Value(points)), default=Value(0), output_field=IntegerField()
    )
