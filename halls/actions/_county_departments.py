"""The bureaus, township offices and branch stations of a county."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from halls.actions._county_write import Tally, Wanted, reconcile
from halls.domain.network import (
    COUNTY,
    TOWNSHIP,
    DepartmentPlan,
    HallPlan,
    Scheme,
    StationKind,
    adopt,
    divide,
    plan_departments,
    plan_station,
)
from halls.models import Department, Hall


def write_departments(plans: Sequence[HallPlan], halls: Mapping[str, Hall], scheme: Scheme, *, today: date) -> Tally:
    """Write bureaus and offices as the scheme says; stations are made once and then only looked after."""
    existing = list(Department.objects.filter(code__startswith=f"{plans[0].code}").select_related("parent"))
    wanted = [_wanted(plan, halls, {}) for plan in plan_departments(plans, scheme)]
    desks = (row for row in existing if row.kind != Department.Kind.STATION)
    written, tally = reconcile(Department, desks, wanted, today=today)
    stations = [row for row in existing if row.kind == Department.Kind.STATION]
    return tally + _write_stations(plans, halls, scheme, stations, written, today=today)


def _write_stations(
    plans: Sequence[HallPlan],
    halls: Mapping[str, Hall],
    scheme: Scheme,
    existing: Sequence[Department],
    bureaus: Mapping[str, Department],
    *,
    today: date,
) -> Tally:
    served = _served(existing)
    county = next(plan for plan in plans if plan.tier == COUNTY)
    townships = {plan.code: plan.short_name for plan in plans if plan.tier == TOWNSHIP}
    wanted: list[Wanted] = []
    areas: dict[str, Sequence[str]] = {}
    for kind in scheme.stations:
        old = {row.code: served[row.code] for row in existing if row.organ == kind.organ}
        if old and townships:
            taken = adopt(townships, old)
            areas |= taken
            wanted += [
                _kept(row)
                for row in existing
                if row.code in taken or not townships.keys().isdisjoint(old.get(row.code, ()))
            ]
        else:
            planned = _new_stations(kind, county, scheme, townships)
            wanted += [_wanted(plan, halls, bureaus) for plan, _ in planned]
            areas |= {plan.code: codes for plan, codes in planned}
    written, tally = reconcile(Department, existing, wanted, today=today)
    _serve(written, areas, halls)
    return tally


def _new_stations(
    kind: StationKind, county: HallPlan, scheme: Scheme, townships: Mapping[str, str]
) -> list[tuple[DepartmentPlan, Sequence[str]]]:
    areas = divide(sorted(townships), kind)
    return [(plan_station(area, county, scheme, townships), area.townships) for area in areas]


def _served(stations: Sequence[Department]) -> dict[str, list[str]]:
    """Codes of the townships each station serves, retired ones too: a township that returns finds it again."""
    served: dict[str, list[str]] = {station.code: [] for station in stations}
    links = Department.serves.through.objects.filter(department__in=stations)
    for station, township in links.values_list("department__code", "hall__code"):
        served[station].append(township)
    return served


def _serve(stations: Mapping[str, Department], areas: Mapping[str, Sequence[str]], halls: Mapping[str, Hall]) -> None:
    link = Department.serves.through
    link.objects.bulk_create(
        [
            link(department_id=stations[code].pk, hall_id=halls[township].pk)
            for code, townships in areas.items()
            for township in townships
        ],
        ignore_conflicts=True,
    )


def _kept(row: Department) -> Wanted:
    """Leave a station its name and area; only its retirement follows its townships."""
    return Wanted(row.code, _values(row.name, row.organ, row.kind, row.hall_id, row.parent_id, row.path))


def _wanted(plan: DepartmentPlan, halls: Mapping[str, Hall], parents: Mapping[str, Department]) -> Wanted:
    parent = parents.get(plan.parent_code)
    return Wanted(
        plan.code,
        _values(plan.name, plan.organ, plan.kind, halls[plan.hall_code].pk, parent.pk if parent else None, plan.path),
    )


def _values(name: str, organ: str, kind: str, hall_id: int, parent_id: int | None, path: str) -> dict[str, object]:
    return {
        "name": name, "organ": organ, "kind": kind, "hall_id": hall_id, "parent_id": parent_id, "path": path,
    }  # fmt: skip
