"""Load a county: its divisions, halls, windows, departments and branch stations, from one code list."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from halls.actions._county_departments import write_departments
from halls.actions._county_halls import write_divisions, write_halls
from halls.actions._county_write import Tally
from halls.actions.appoint import appoint_system
from halls.domain.division_file import parse_divisions
from halls.domain.network import Scheme, plan_halls

SCHEME_FILE = "departments.json"


@dataclass(frozen=True)
class LoadReport:
    """What a load did to the county's divisions (a hall goes with each) and to its departments."""

    county: str
    divisions: Tally
    departments: Tally

    def as_dict(self) -> dict[str, object]:
        """Return the counts of the divisions, with those of the departments beside them."""
        return {"county": self.county, **asdict(self.divisions), "departments": asdict(self.departments)}


def departments_scheme() -> Scheme:
    """Return the bureaus, offices and stations that every county gets."""
    path = Path(settings.BASE_DIR) / "data" / SCHEME_FILE
    return Scheme.of(json.loads(path.read_text(encoding="utf-8")))


def load_county(content: bytes, *, today: date) -> LoadReport:
    """Make the county of this code list true in the database; loading it twice changes nothing.

    The machine gets its post on the county's hall, so that cases resume there by themselves.

    A code that is no longer in the list is retired as of `today`, never deleted; one that comes back is
    revived and counts as changed. Other counties are not touched.

    Raises CountyFileError (every faulty line of the file); then nothing was written.
    """
    rows = parse_divisions(content)
    plans = plan_halls(rows)
    scheme = departments_scheme()
    with transaction.atomic():
        with connection.cursor() as cursor:  # two loads at once would both see the same gaps
            cursor.execute("LOCK TABLE halls_division IN SHARE ROW EXCLUSIVE MODE")
        divisions, tally = write_divisions(rows, today=today)
        halls = write_halls(plans, divisions, today=today)
        departments = write_departments(plans, halls, scheme, today=today)
        appoint_system([halls[rows[0].code]])
    return LoadReport(county=rows[0].code, divisions=tally, departments=departments)
