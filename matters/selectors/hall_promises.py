"""Which hall promises what: its own shorter promise beside the guide's (本厅承诺)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from halls.models import Hall
from halls.selectors.work_calendar import TODAY
from matters.domain.hall_promise import Decision, is_shorter, never_counts
from matters.models import HallPromise, Matter, MatterVersion
from matters.selectors.guide_more import compressed
from matters.selectors.routing import acceptors_of


@dataclass(frozen=True, slots=True)
class Promised:
    """A hall's own promise that is shorter than the guide's, or its end: in force, or announced for a later day."""

    number: int
    hall: str
    hall_name: str
    days: int
    published: int
    since: date
    reason: str
    is_in_force: bool
    is_withdrawal: bool = False  # from then on it promises what the guide does
    compression: int = 0  # by how many per cent it is shorter than the statute; 0: not to be compared


def hall_path_of(accept_path: str) -> str:
    """Return the hall in which the organ at this path sits: a station of a bureau sits with its bureau."""
    return accept_path.split("~", 1)[0]


def promise_at(accept_path: str, version: MatterVersion, day: date) -> HallPromise | None:
    """Return the own promise under which the organ at this path accepts on this day; None: the guide's (1 query)."""
    rows = HallPromise.objects.filter(
        matter=version.matter_id, hall__path=hall_path_of(accept_path), effective_on__lte=day
    )
    newest = rows.select_related("hall").order_by("-pk").first()
    return newest if newest is not None and _counts(newest, version) else None


def promises_of(version: MatterVersion) -> tuple[Promised, ...]:
    """Return what halls promise for this guide today, and what they announced, hall by hall (1 query)."""
    rows = HallPromise.objects.filter(matter=version.matter_id, hall__retired_on__isnull=True).select_related("hall")
    by_hall: dict[str, list[HallPromise]] = {}
    today = date.min
    for row in rows.annotate(today=TODAY).order_by("hall__path", "-pk"):
        by_hall.setdefault(row.hall.path, []).append(row)
        today = row.today
    return tuple(one for found in by_hall.values() for one in _told(found, version, today))


def promises_here(path: str, tier: str, versions: Sequence[MatterVersion], day: date) -> Mapping[int, Promised]:
    """Return by version what whoever hands a case in at the hall of this path is promised less than the guide says.

    It is the promise of the hall that accepts: for what a village only passes on, that of its township. One query
    where no hall around promises anything, four else, however many guides.
    """
    around = _and_above(path)
    rows = HallPromise.objects.filter(
        hall__path__in=around, matter__in=[version.matter_id for version in versions], effective_on__lte=day
    )
    newest: dict[tuple[int, str], HallPromise] = {}
    for row in rows.select_related("hall").order_by("-pk"):
        newest.setdefault((row.matter_id, row.hall.path), row)
    concerned = {matter for matter, _path in newest}
    acceptors = acceptors_of(path, tier, [version for version in versions if version.matter_id in concerned])
    found = {}
    for version in versions:
        own = newest.get((version.matter_id, hall_path_of(acceptors.get(version.pk, ""))))
        if own is not None and own.days is not None and _counts(own, version):
            found[version.pk] = _promised(own, own.days, version, day)
    return found


def history_at(hall: Hall, matter: Matter) -> list[HallPromise]:
    """Return every decision of this hall about this matter, the newest first (1 query)."""
    return list(HallPromise.objects.filter(hall=hall, matter=matter).order_by("-pk"))


def overtaken(rows: Iterable[HallPromise]) -> frozenset[int]:
    """Return the keys of the decisions that never count, because a newer one begins no later."""
    return never_counts(Decision(row.pk, row.days, row.effective_on) for row in rows)


def own_promises(hall: Hall, matters: Iterable[Matter], day: date) -> Mapping[int, int]:
    """Return by matter the days that this hall itself promises today (1 query)."""
    guides = {matter.pk: matter.current for matter in matters}
    newest: dict[int, HallPromise] = {}
    for row in HallPromise.objects.filter(hall=hall, matter__in=guides, effective_on__lte=day).order_by("-pk"):
        newest.setdefault(row.matter_id, row)
    return {
        pk: own.days
        for pk, own in newest.items()
        if (guide := guides[pk]) is not None and own.days is not None and _counts(own, guide)
    }


def _counts(own: HallPromise, version: MatterVersion) -> bool:
    return is_shorter(own.days, version.promised_days, is_immediate=version.is_immediate)


def _told(rows: Sequence[HallPromise], version: MatterVersion, today: date) -> Iterable[Promised]:
    """Of the decisions of one hall, the newest first: the one in force, and in their order those that will replace it.

    A decision never begins where a newer one holds already. Where a promise ends, the guide's is told in its place.
    """
    coming: list[HallPromise] = []
    for row in rows:
        if row.effective_on > today and (not coming or row.effective_on < coming[-1].effective_on):
            coming.append(row)
        if row.effective_on <= today:  # it holds until the first of those
            coming.append(row)
            break
    is_shorter_before = False
    for row in reversed(coming):
        counts = row.days is not None and _counts(row, version)
        if counts and row.days is not None:
            yield _promised(row, row.days, version, today)
        elif is_shorter_before:
            yield replace(_promised(row, version.promised_days, version, today), is_withdrawal=True, compression=0)
        is_shorter_before = counts


def _promised(row: HallPromise, days: int, version: MatterVersion, day: date) -> Promised:
    return Promised(
        number=row.pk,
        hall=row.hall.code,
        hall_name=row.hall.name,
        days=days,
        published=version.promised_days,
        since=row.effective_on,
        reason=row.reason,
        is_in_force=row.effective_on <= day,
        compression=compressed(version, days),
    )


def _and_above(path: str) -> list[str]:
    """Return the path of the hall and of the halls above it."""
    codes = path.strip("/").split("/")
    return ["".join(f"{code}/" for code in codes[: n + 1]) for n in range(len(codes))]
