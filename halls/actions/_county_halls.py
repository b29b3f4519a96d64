"""The divisions of a county and the hall of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from halls.actions._county_write import Tally, Wanted, reconcile
from halls.domain.division_file import DivisionRow
from halls.domain.network import WINDOWS, HallPlan
from halls.models import Division, Hall, Window

TIERS = ("county", "township", "village")


def write_divisions(rows: Sequence[DivisionRow], *, today: date) -> tuple[dict[str, Division], Tally]:
    """Level by level, since a child needs its parent's key."""
    county = rows[0].code
    existing = list(Division.objects.filter(code__startswith=county))
    written: dict[str, Division] = {}
    total = Tally()
    for tier in TIERS:
        wanted = [
            Wanted(row.code, {"name": row.name, "level": row.level, "parent_id": _pk(written, row.parent_code)})
            for row in rows
            if row.level == tier
        ]
        found, tally = reconcile(Division, (row for row in existing if row.level == tier), wanted, today=today)
        written |= found
        total += tally
    return written, total


def write_halls(plans: Sequence[HallPlan], divisions: Mapping[str, Division], *, today: date) -> dict[str, Hall]:
    """Write the halls and their windows. Address and telephone are the county's own and stay."""
    existing = list(Hall.objects.filter(code__startswith=plans[0].code))
    known = {hall.code for hall in existing}
    written: dict[str, Hall] = {}
    for tier in TIERS:
        wanted = [_wanted(plan, divisions, written) for plan in plans if plan.tier == tier]
        found, _ = reconcile(Hall, (hall for hall in existing if hall.tier == tier), wanted, today=today)
        written |= found
    windows = [
        Window(hall=hall, number=number, kind=kind)
        for hall in written.values()
        if hall.code not in known
        for number, kind in enumerate(WINDOWS[hall.tier], start=1)
    ]
    Window.objects.bulk_create(windows, batch_size=1000)
    return written


def _wanted(plan: HallPlan, divisions: Mapping[str, Division], parents: Mapping[str, Hall]) -> Wanted:
    return Wanted(
        plan.code,
        {
            "name": plan.name,
            "short_name": plan.short_name,
            "tier": plan.tier,
            "division_id": divisions[plan.code].pk,
            "parent_id": _pk(parents, plan.parent_code),
            "path": plan.path,
        },
    )


def _pk(rows: Mapping[str, Division] | Mapping[str, Hall], code: str) -> int | None:
    row = rows.get(code)
    return row.pk if row else None
