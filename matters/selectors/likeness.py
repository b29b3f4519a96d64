"""Matters that may be one and the same, and in what two of them differ."""

from __future__ import annotations

from collections.abc import Collection

from halls.acting import Actor
from halls.domain.duties import Duty
from matters.domain.guide_diff import Change, difference
from matters.domain.likeness import Named, Pair, similar
from matters.models import Matter, MattersApart
from matters.selectors.stored import stored_record


def similar_pairs(actor: Actor, departments: Collection[str] | None = None) -> list[Pair]:
    """Return the pairs of matters alike within the departments that the actor edits, but for those that were said not
    to be one (2 queries).

    `departments`: codes to narrow to.
    """
    rows = Matter.objects.filter(abolished_on__isnull=True, current__isnull=False)
    if departments is not None:
        rows = rows.filter(department__code__in=list(departments))
    columns = (
        "code",
        "name",
        "department__code",
        "department__path",
        "current__aliases",
        "current__content__basic_code",
    )
    apart = {frozenset(pair) for pair in MattersApart.objects.values_list("one__code", "other__code")}
    pairs = list(
        similar(
            Named(code, name, bureau, tuple(aliases), basic_code or "")
            for code, name, bureau, path, aliases, basic_code in rows.values_list(*columns)
            if actor.holds(Duty.EDIT_MATTERS, path)
        )
    )
    return [pair for pair in pairs if frozenset((pair.one.code, pair.other.code)) not in apart]


def said_apart(one: Matter, other: Matter) -> MattersApart | None:
    """Return what was said when somebody found that the two are not one (1 query)."""
    first, second = sorted((one.pk, other.pk))
    return MattersApart.objects.filter(one=first, other=second).first()


def matters_to_compare(code: str, other: str) -> tuple[Matter, Matter] | None:
    """Return two different published matters of one department, neither gone; None for anything else (1 query)."""
    if "\x00" in code + other or code == other:
        return None
    rows = Matter.objects.filter(abolished_on__isnull=True, current__isnull=False, code__in=(code, other))
    found = {matter.code: matter for matter in rows.select_related("current", "department")}
    if len(found) != 2 or found[code].department_id != found[other].department_id:
        return None
    return found[code], found[other]


def difference_of(one: Matter, other: Matter) -> tuple[Change, ...]:
    """Return in what their guides differ: `before` is what the first says, `after` what the other does."""
    assert one.current is not None
    assert other.current is not None
    if not (one.current.content and other.current.content):
        return ()
    return difference(stored_record(one.current.content), stored_record(other.current.content))
