"""Every matter that ships, filed at every tier that takes it in: each step reaches a desk."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from halls.domain.errors import Refused
from halls.models import Department, Hall
from matters.domain.routing import CENTRES, Route, Seat
from matters.models import Matter
from matters.selectors import route_of
from tests.factories.halls import GAOQIAO, TAIHE, XIXIU, loaded_county
from tests.factories.matters import RECORDS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]

COUNTY = "500236"
HALLS = {"village": GAOQIAO, "township": TAIHE, "county": COUNTY}
FILINGS = [(record["id"], tier) for record in RECORDS for tier in record["accept_levels"]]

# Where the case filed in 高桥村 (else 太和, else the county) is accepted, when it is not the township's window.
ACCEPTED_ELSEWHERE = {
    "its village": "NY-006 NY-008 RS-006 RS-009 RS-014 RS-015 WJ-001 WJ-008 SF-002 SF-003 MZ-017 XZ-003",
    "500236-GA12": "GA-001 GA-002 GA-003 GA-005 GA-006 GA-007 GA-010",
    "500236-SCJG11": "SJ-001 SJ-002 SJ-003 SJ-008",
    "500236272-JS": "ZJ-003",
    "500236272-WS": "WJ-007",
    "500236-MZ": "MZ-014",
    "500236-WJ": "WJ-006",
    "500236-SW": "SW-001 SW-002",
    "500236-RS": "RS-019",
    "500236-NYNC": "NY-009",
}

# Steps whose organ has no desk of its own: (matter, step) -> the desk that does it.
NO_DESK_OF_THEIR_OWN = {
    ("CL-001", 3): "500236-CL", ("RS-016", 4): "500236-RS", ("RS-016", 5): "500236-RS", ("RS-019", 3): "500236-RS",
    ("RS-019", 4): "500236-RS", ("NY-009", 3): "500236-NYNC", ("NY-009", 4): "500236-NYNC",
}  # fmt: skip

# Steps of a level that the case never passed through: filed above, done by the filing hall or the bureau.
DONE_ABOVE = {
    ("township", "village"): (
        "CL-001.4 MZ-001.4 MZ-002.4 MZ-003.3 MZ-005.3 MZ-011.5 MZ-012.5 NY-001.4 NY-001.5 RS-007.3 TY-001.4 TY-002.4 "
        "YB-007.3 NY-006.1 NY-008.2 RS-009.1 RS-014.1 RS-015.1 SF-002.2 SF-003.1 WJ-001.1 WJ-008.2 XZ-003.1"
    ),
    ("county", "village"): "CL-001.4 MZ-011.5 MZ-012.5 NY-001.4 NY-001.5 RS-007.3 RS-009.1 TY-002.4",
    ("county", "township"): "GA-003.4 GA-005.4 NY-001.6 RS-010.2 SWJ-001.1",
}


def route(code: str, tier: str) -> Route:
    version = Matter.objects.select_related("current").get(code=code).current
    assert version is not None
    return route_of(version, Hall.objects.get(code=HALLS[tier]))


def desk(seat: Seat) -> str:
    if seat.department_id:
        return Department.objects.get(pk=seat.department_id).code
    return Hall.objects.get(pk=seat.hall_id).code


def test_there_are_as_many_filings_as_the_guides_allow() -> None:
    assert len(FILINGS) == 313


@pytest.mark.parametrize("tier", HALLS)
def test_every_step_of_every_matter_reaches_a_desk(tier: str) -> None:
    halls = dict(Hall.objects.values_list("pk", "path"))
    departments = dict(Department.objects.values_list("pk", "path"))
    guides = {record["id"]: record["steps"] for record in RECORDS}
    for code, filed in FILINGS:
        if filed != tier:
            continue
        planned = route(code, tier)
        for seat in (planned.accept, *(step.seat for step in planned.steps)):
            assert seat.path == (departments[seat.department_id] if seat.department_id else halls[seat.hall_id]), code
            assert seat.path.startswith(f"{COUNTY}/"), code
        assert [*planned.skipped, *(step.seq for step in planned.steps)] == [step["seq"] for step in guides[code]]
        (final,) = (step for step in planned.steps if step.is_final_decision)
        assert final.kind in {"decide", "instant"}, code
        after = [step for step in planned.steps if step.seq > final.seq]
        assert {step.kind for step in after} <= {"review", "special", "deliver"}, code
        assert [step for step in after if step.is_after_decision] == [s for s in after if s.kind != "deliver"], code


def test_the_odd_acceptors_are_these_and_no_others() -> None:
    found: dict[str, set[str]] = {}
    for record in RECORDS:
        tier = record["accept_levels"][0]
        acceptor = desk(route(record["id"], tier).accept)
        if acceptor == GAOQIAO:
            acceptor = "its village"
        if acceptor != TAIHE:
            found.setdefault(acceptor, set()).add(record["id"])
    assert found == {acceptor: set(codes.split()) for acceptor, codes in ACCEPTED_ELSEWHERE.items()}


def test_organs_without_a_desk_go_to_the_matters_own_bureau() -> None:
    organs = set(Department.objects.values_list("organ", flat=True)) | CENTRES.keys()
    found = {}
    for record in RECORDS:
        homeless = {step["seq"] for step in record["steps"] if step["actor"] not in organs}
        for step in route(record["id"], record["accept_levels"][0]).steps:
            if step.seq in homeless:
                found[record["id"], step.seq] = desk(step.seat)
    assert found == NO_DESK_OF_THEIR_OWN


@pytest.mark.parametrize("tier", ["township", "county"])
def test_steps_of_a_level_below_the_filing_hall_are_these_and_are_done_above(tier: str) -> None:
    rank = ["village", "township", "county"]
    found: dict[tuple[str, str], set[str]] = {}
    for code, filed in FILINGS:
        if filed != tier:
            continue
        for step in route(code, tier).steps:
            if rank.index(step.level) < rank.index(tier):
                found.setdefault((tier, step.level), set()).add(f"{code}.{step.seq}")
                expected = "500236-GA" if code.startswith("GA") else HALLS[tier]
                assert desk(step.seat) == expected
    expected_table = {key: set(names.split()) for key, names in DONE_ABOVE.items() if key[0] == tier}
    assert found == expected_table


def test_the_story_goes_from_the_village_to_the_township_office() -> None:
    planned = route("NY-003", "village")
    assert desk(planned.accept) == TAIHE
    assert [desk(step.seat) for step in planned.steps] == [GAOQIAO] * 3 + ["500236272-NYNC"] * 5
    assert [step.seq for step in planned.steps if step.is_leading_accept] == [1]
    assert [step.seq for step in planned.steps if step.is_final_decision] == [6]
    assert [step.seq for step in planned.steps if step.is_after_decision] == [7]


def test_a_station_is_the_one_that_serves_the_township_of_the_case() -> None:
    version = Matter.objects.select_related("current").get(code="GA-003").current
    assert version is not None
    far = Hall.objects.filter(path__startswith="500236/500236001/", tier="village").first()
    assert far is not None
    assert desk(route_of(version, far).accept) == "500236-GA01"


def test_another_countys_case_goes_to_its_own_bureaus() -> None:
    loaded_county(XIXIU)
    village = Hall.objects.filter(path__startswith=XIXIU, tier="village").order_by("path").first()
    assert village is not None
    for matter in Matter.objects.select_related("current"):
        version = matter.current
        assert version is not None
        if "village" in version.accept_levels:
            planned = route_of(version, village)
            assert all(step.path.startswith(XIXIU) for step in planned.steps)


def test_a_route_takes_three_queries() -> None:
    version = Matter.objects.select_related("current").get(code="MZ-001").current
    assert version is not None
    hall = Hall.objects.get(code=GAOQIAO)
    with CaptureQueriesContext(connection) as queries:
        route_of(version, hall)
    assert len(queries) == 3


def test_a_hall_of_a_tier_that_the_guide_does_not_name_is_refused() -> None:
    with pytest.raises(Refused, match="not_taken_in_here"):
        route("RS-006", "township")
