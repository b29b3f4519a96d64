"""A county's network from its code list: what is made, what a second load changes, what is refused."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from halls.acting import system_actor
from halls.actions.load_county import departments_scheme, load_county
from halls.domain.division_file import CountyFileError
from halls.domain.duties import Duty
from halls.domain.network import divide, place_name, short_name
from halls.models import Department, Division, Hall, Post, Window
from tests.factories.halls import DATA, FENGJIE, GAOQIAO, TAIHE, XIXIU, loaded_county

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
LATER = date(2026, 6, 1)

SMALL = """code,name,level,parent_code
900001,示例县,county,9000
900001001,甲镇,township,900001
900001001001,东村村民委员会,village,900001001
900001001002,西村村民委员会,village,900001001
900001002,乙乡,township,900001
900001002001,南村村民委员会,village,900001002
"""


def load(text: str, today: date = TODAY) -> dict[str, Any]:
    return load_county(text.encode(), today=today).as_dict()


def without(line: str, text: str = SMALL) -> str:
    assert line in text
    return "".join(kept + "\n" for kept in text.splitlines() if line not in kept)


def counts(report: dict[str, Any]) -> tuple[int, ...]:
    return tuple(report[name] for name in ("added", "changed", "retired", "unchanged"))


def run(*arguments: str) -> tuple[int, Any]:
    out = StringIO()
    try:
        call_command("load_county", *arguments, "--json", stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


# --- what is made ----------------------------------------------------------------------------------------------------


def test_fengjie_gets_its_halls_departments_and_forty_stations() -> None:
    code, report = run(str(DATA / f"divisions_{FENGJIE}.csv"))
    assert code == 0
    assert counts(report) == (426, 0, 0, 0)
    tiers = {tier: Hall.objects.filter(tier=tier).count() for tier in ("county", "township", "village")}
    assert tiers == {"county": 1, "township": 33, "village": 392}
    kinds = {kind: Department.objects.filter(kind=kind).count() for kind in ("bureau", "office", "station")}
    assert kinds == {"bureau": 27, "office": 33 * 11, "station": 40}
    assert Window.objects.count() == 3 + 33 * 2 + 392
    assert Hall.history.count() == 426


def test_the_village_of_the_story_stands_where_it_should() -> None:
    loaded_county()
    gaoqiao = Hall.objects.select_related("parent__parent", "division").get(code=GAOQIAO)
    assert (gaoqiao.name, gaoqiao.short_name) == ("高桥村便民服务点", "高桥村")
    assert gaoqiao.path == "500236/500236272/500236272202/"
    assert gaoqiao.division.name == "高桥村村民委员会"
    assert gaoqiao.parent is not None
    assert gaoqiao.parent.name == "太和土家族乡便民服务中心"
    assert gaoqiao.parent.parent is not None
    assert gaoqiao.parent.parent.name == "奉节县政务服务中心"


def test_departments_hang_below_their_hall_or_bureau() -> None:
    loaded_county()
    bureau = Department.objects.get(code="500236-MZ")
    assert (bureau.name, bureau.organ, bureau.path) == ("奉节县民政局", "县民政局", "500236/~MZ/")
    office = Department.objects.get(code=f"{TAIHE}-NYNC")
    assert (office.name, office.path) == ("太和土家族乡农业农村办公室", "500236/500236272/~NYNC/")
    station = Department.objects.get(organ="派出所(片区所)", serves__code=TAIHE)
    assert station.name == "奉节县公安局太和派出所(片区所)"
    assert station.path == "500236/~GA/~GA12/"
    assert station.parent == Department.objects.get(code="500236-GA")
    assert [hall.short_name for hall in station.serves.order_by("code")] == ["太和土家族乡", "鹤峰乡"]


def test_each_station_serves_one_to_three_townships_and_each_township_has_one_of_each_kind() -> None:
    loaded_county()
    for kind in departments_scheme().stations:
        stations = Department.objects.filter(organ=kind.organ, kind="station")
        assert stations.count() == kind.count
        served = [list(station.serves.values_list("code", flat=True)) for station in stations]
        assert all(1 <= len(townships) <= 3 for townships in served)
        flat = sorted(code for townships in served for code in townships)
        assert flat == sorted(Hall.objects.filter(tier="township").values_list("code", flat=True))


def test_a_second_county_is_loaded_beside_the_first() -> None:
    loaded_county(FENGJIE)
    before = set(Department.objects.values_list("path", flat=True))
    report = load_county((DATA / f"divisions_{XIXIU}.csv").read_bytes(), today=TODAY)
    assert report.divisions.added == 381
    assert Hall.objects.get(code=XIXIU).name == "西秀区政务服务中心"
    assert Department.objects.get(code="520402-MZ").name == "西秀区民政局"
    assert Department.objects.filter(code__startswith=XIXIU, kind="station").count() == 31
    assert before < set(Department.objects.values_list("path", flat=True))
    assert Hall.objects.filter(retired_on__isnull=False).count() == 0


@pytest.mark.parametrize(("name", "said"), [
    ("高桥村村民委员会", "高桥村"), ("同心村民委员会", "同心村"), ("朝阳社区居民委员会", "朝阳社区"),
    ("东关居民委员会", "东关居委会"), ("奉节县", "奉节县"), ("太和土家族乡", "太和土家族乡"),
])  # fmt: skip
def test_a_village_is_called_what_people_call_it(name: str, said: str) -> None:
    assert short_name(name) == said


@pytest.mark.parametrize(("name", "place"), [
    ("太和土家族乡", "太和"), ("新场布依族苗族乡", "新场"), ("白土苗族乡", "白土"), ("白帝镇", "白帝"),
    ("永安街道", "永安"), ("东乡", "东乡"),
])  # fmt: skip
def test_a_station_is_named_after_the_bare_place(name: str, place: str) -> None:
    assert place_name(name) == place


@pytest.mark.parametrize("townships", range(60))
def test_any_number_of_townships_is_divided_into_areas_of_one_to_three(townships: int) -> None:
    codes = [f"9{n:03d}" for n in range(townships)]
    for kind in departments_scheme().stations:
        areas = divide(codes, kind)
        assert [code for area in areas for code in area.townships] == codes
        assert all(1 <= len(area.townships) <= 3 for area in areas)


# --- loading again ---------------------------------------------------------------------------------------------------


def test_every_county_that_is_loaded_gets_the_machine_as_an_actor_once() -> None:
    for code in (FENGJIE, XIXIU, FENGJIE):
        loaded_county(code)
    machine = system_actor()
    assert machine.is_system
    assert machine.nodes == {Duty.EXAMINE: (f"{FENGJIE}/", f"{XIXIU}/")}
    assert Post.objects.filter(user_id=machine.user_id).count() == 2


def test_loading_twice_changes_nothing() -> None:
    loaded_county()
    history = Hall.history.count(), Department.history.count()
    report = load((DATA / f"divisions_{FENGJIE}.csv").read_text(encoding="utf-8"), LATER)
    assert counts(report) == (0, 0, 0, 426)
    assert counts(report["departments"]) == (0, 0, 0, 430)
    assert (Hall.history.count(), Department.history.count()) == history


def test_a_code_that_vanished_is_retired_with_the_day_and_revived_when_it_returns() -> None:
    load(SMALL)
    assert counts(load(without("900001001002"), LATER)) == (0, 0, 1, 5)
    division, hall = Division.objects.get(code="900001001002"), Hall.objects.get(code="900001001002")
    assert (division.retired_on, hall.retired_on) == (LATER, LATER)
    assert counts(load(without("900001001002"), date(2026, 7, 1))) == (0, 0, 0, 5)
    assert Hall.objects.get(code="900001001002").retired_on == LATER
    assert counts(load(SMALL)) == (0, 1, 0, 5)
    assert Hall.objects.get(code="900001001002").retired_on is None


def test_a_township_that_vanished_takes_its_offices_with_it_and_returns_to_the_same_station() -> None:
    load(SMALL)
    small = without("900001002", SMALL)
    load(small, LATER)
    assert set(Department.objects.filter(hall__code="900001002").values_list("retired_on", flat=True)) == {LATER}
    before = Department.objects.get(organ="派出所(片区所)", serves__code="900001002")
    load(SMALL)
    assert Department.objects.filter(retired_on__isnull=False).count() == 0
    assert Department.objects.get(organ="派出所(片区所)", serves__code="900001002") == before


def test_a_new_township_joins_its_neighbours_station_and_no_other_station_moves() -> None:
    load(SMALL)
    before = {row.pk: (row.name, row.path) for row in Department.objects.filter(kind="station")}
    report = load(SMALL + "900001003,丙镇,township,900001\n")
    assert counts(report) == (1, 0, 0, 6)
    assert report["departments"]["added"] == 11
    assert {row.pk: (row.name, row.path) for row in Department.objects.filter(kind="station")} == before
    station = Department.objects.get(organ="派出所(片区所)", serves__code="900001003")
    assert station.serves.filter(code="900001002").exists()


def test_a_new_name_is_followed_and_the_address_stays() -> None:
    load(SMALL)
    Hall.objects.filter(code="900001001").update(address="甲镇正街 1 号")
    report = load(SMALL.replace("甲镇", "甲街道"))
    assert counts(report) == (0, 1, 0, 5)
    hall = Hall.objects.get(code="900001001")
    assert (hall.name, hall.address) == ("甲街道便民服务中心", "甲镇正街 1 号")
    assert hall.history.count() == 2
    assert Department.objects.get(code="900001001-LY").name == "甲街道林业站"


def test_the_number_of_statements_does_not_grow_with_the_county() -> None:
    with CaptureQueriesContext(connection) as first:
        load(SMALL)
    with CaptureQueriesContext(connection) as second:
        loaded_county()
    assert len(first) < 40
    assert len(second) < 40


# --- bad files -------------------------------------------------------------------------------------------------------


def changed(old: str, new: str) -> bytes:
    assert old in SMALL
    return SMALL.replace(old, new, 1).encode()


FULL_WIDTH = "900001001002".translate({48 + digit: 0xFF10 + digit for digit in range(10)})
BAD_FILES: dict[str, tuple[bytes, set[tuple[int, str]]]] = {
    "an empty file": (b"", {(0, "file")}),
    "only blanks": (b" \n\n", {(0, "file")}),
    "only the header": (b"code,name,level,parent_code\n", {(1, "file")}),
    "another header": (changed("code,name", "name,code"), {(1, "header")}),
    "a missing column": (changed("level,parent_code", "parent_code"), {(1, "header")}),
    "a semicolon for a comma": (SMALL.replace(",", ";").encode(), {(1, "header")}),
    "a workbook": (b"PK\x03\x04\x14\x00\x06\x00", {(1, "file")}),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00", {(1, "file")}),
    "GBK": (SMALL.encode("gbk"), {(2, "file")}),
    "UTF-16": (SMALL.encode("utf-16"), {(1, "file")}),
    "UTF-16 without a mark": ("code".encode("utf-16-le"), {(1, "file")}),
    "an open quote": (changed("甲镇", '"甲镇'), {(3, "file")}),
    "JSON": (b'{"code": "900001"}', {(1, "header")}),
    "too much": (b"code,name,level,parent_code\n" + b"1,1,1,1\n" * 600_000, {(0, "file")}),
    "a letter in a code": (changed("900001002,乙", "90000100O,乙"), {(6, "code"), (7, "parent_code")}),
    "full-width digits": (changed("900001001002", FULL_WIDTH), {(5, "code")}),
    "eight digits": (changed("900001001,甲", "90000100,甲"), {(3, "code"), (4, "parent_code"), (5, "parent_code")}),
    "an unknown level": (changed("甲镇,township", "甲镇,town"), {(3, "level")}),
    "a level that is not the code's": (changed("甲镇,township", "甲镇,village"), {(3, "level")}),
    "no name": (changed("甲镇", ""), {(3, "name")}),
    "a name of seventy characters": (changed("甲镇", "长" * 70), {(3, "name")}),
    "a control character in a name": (changed("甲镇", "甲\x07镇"), {(3, "name")}),
    "an orphan": (without("900001002,").encode(), {(6, "parent_code")}),
    "a child of another": (
        changed("900001001002,西村村民委员会,village,900001001", "900001001002,西村,village,900001002"),
        {(5, "parent_code")},
    ),
    "a county below another place": (changed("county,9000", "county,5002"), {(2, "parent_code")}),
    "a code twice": (changed("900001001002", "900001001001"), {(5, "code")}),
    "two counties": ((SMALL + "900002,又一县,county,9000\n").encode(), {(8, "code")}),
    "no county": (without("900001,示例县").encode(), {(0, "level"), (2, "parent_code"), (5, "parent_code")}),
    "three cells": (
        changed("甲镇,township,900001", "甲镇,township"),
        {(3, "row"), (4, "parent_code"), (5, "parent_code")},
    ),
    "five cells": (changed("东村村民委员会,village", "东村,村民委员会,village"), {(4, "row")}),
    "several lines at once": (
        (SMALL + "900001003,,town,900001\n9000x,丁,village,\n").encode(),
        {(8, "level"), (8, "name"), (9, "code")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_changes_nothing_and_names_its_lines(name: str, tmp_path: Path) -> None:
    load(SMALL.replace("甲镇", "老镇"))
    content, expected = BAD_FILES[name]
    path = tmp_path / "divisions.csv"
    path.write_bytes(content)
    code, answer = run(str(path))
    assert code == 1
    assert {(error["line"], error["field"]) for error in answer["errors"]} == expected
    assert all(error["message"].endswith("。") and error["cure"].endswith("。") for error in answer["errors"])
    assert Hall.objects.get(code="900001001").short_name == "老镇"
    assert Hall.objects.filter(retired_on__isnull=False).count() == 0


@pytest.mark.parametrize("content", [
    "\ufeff" + SMALL, SMALL.replace("\n", "\r\n"), SMALL + "\n\n", SMALL.replace(",", " , "),
    SMALL.replace("甲镇", '"甲镇"'), SMALL.rstrip("\n"),
], ids=["a byte order mark", "Windows line ends", "blank lines", "spaces", "quotes", "no last line end"])  # fmt: skip
def test_what_spreadsheets_write_is_taken(content: str) -> None:
    assert counts(load(content)) == (6, 0, 0, 0)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    code, answer = run(str(tmp_path / "missing.csv"))
    assert code == 1
    assert "missing.csv" in answer["errors"][0]["message"]


def test_the_refusal_is_one_error_with_all_faults() -> None:
    with pytest.raises(CountyFileError) as refused:
        load(SMALL.replace("township", "town"))
    assert refused.value.code == "bad_county_file"
    assert [fault.line for fault in refused.value.faults] == [3, 6]
    assert len(refused.value.problems) == 2


def test_people_read_the_faults_in_plain_words(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(SMALL.replace("甲镇", ""), encoding="utf-8")
    err = StringIO()
    with pytest.raises(SystemExit):
        call_command("load_county", str(path), stderr=err)
    assert "第 3 行 name: 没有名称。请填区划的规范名称。" in err.getvalue()
