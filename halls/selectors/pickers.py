"""Halls and departments to choose from, township by township: nobody types a code."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.translation import gettext as _

from halls.models import Department, Hall, Level

Choices = list[tuple[str, list[tuple[str, str]]]]
NOTHING = Q(pk__in=())


def halls_to_choose(prefixes: Iterable[str], *, own: str = "", with_retired: bool = False) -> Choices:
    """Codes and names of the halls below these paths, and of `own` by its code, township by township (1 query)."""
    rows = Hall.objects.filter(_below(prefixes) | Q(code=own))
    return _grouped(_told(rows if with_retired else rows.filter(retired_on__isnull=True)))


def bodies_to_choose(prefixes: Iterable[str]) -> Choices:
    """The halls and the departments below these paths that are not retired, each township's together (2 queries)."""
    below = _below(prefixes) & Q(retired_on__isnull=True)
    departments = Department.objects.filter(below).values_list("path", "code", "name", "kind")
    return _grouped([*_told(Hall.objects.filter(below)), *departments])


def _below(prefixes: Iterable[str]) -> Q:
    return reduce(or_, (Q(path__startswith=prefix) for prefix in prefixes), NOTHING)


def _told(halls: Iterable[Hall]) -> list[tuple[str, str, str, str]]:
    return [(hall.path, hall.code, hall.name, hall.tier) for hall in halls]


def _grouped(rows: Iterable[tuple[str, str, str, str]]) -> Choices:
    """A group for the county, and one for each township under the name of its hall."""
    groups: dict[str, list[tuple[str, str]]] = {}
    names: dict[str, str] = {}
    for path, code, name, tier in sorted(rows):
        second = path.split("/")[1]
        group = "" if second.startswith("~") else second
        groups.setdefault(group, []).append((code, name))
        if tier in (Level.COUNTY, Level.TOWNSHIP):
            names[group] = name
    return [(names.get(group, _("所在乡镇（街道）")) if group else _("县级"), found) for group, found in groups.items()]
