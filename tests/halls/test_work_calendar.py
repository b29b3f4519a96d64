"""The work calendar in the database: publishing it, what the database refuses, reading it with the moment."""

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from halls.domain.calendar import DayKind
from halls.domain.calendar_file import read_arrangement
from halls.models import CalendarDay, CalendarYear
from halls.selectors.work_calendar import load_calendar, read_moment

DATA = Path(__file__).resolve().parents[2] / "data" / "calendar"

pytestmark = pytest.mark.django_db


def load(path, *options):
    out = StringIO()
    call_command("load_calendar", str(path), "--json", *options, stdout=out)
    return json.loads(out.getvalue())


def refused(path) -> str:
    with pytest.raises(CommandError) as refusal:
        call_command("load_calendar", str(path), stdout=StringIO())
    return str(refusal.value)


def write(folder: Path, year: int, change=lambda content: None) -> Path:
    """Write the file of a year to the folder, changed by `change`."""
    content = json.loads((DATA / f"{year}.json").read_text(encoding="utf-8"))
    change(content)
    file = folder / f"{year}.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def state():
    return tuple(CalendarYear.objects.values_list("year", "version")), CalendarDay.objects.count()


# Publishing


def test_the_years_that_ship_are_published_and_a_second_run_changes_nothing():
    first = load(DATA)
    assert first["added"] == list(range(2018, 2027))
    before, history = state(), CalendarDay.history.count()
    second = load(DATA)
    assert (second["added"], second["changed"], second["unchanged"]) == ([], [], list(range(2018, 2027)))
    assert state() == before
    assert CalendarDay.history.count() == history == CalendarDay.objects.count()


def test_a_changed_year_touches_only_the_days_that_differ_and_keeps_their_history(tmp_path):
    load(DATA / "2026.json")

    def change(content):
        content["days"][0]["name"] = "元旦节"
        del content["days"][1]
        content["days"].append({"date": "2026-12-26", "kind": "makeup", "name": "元旦"})

    result = load(write(tmp_path, 2026, change), "--reason", "更正")
    assert result["years"] == [
        {"year": 2026, "version": 2, "result": "changed", "added": 1, "changed": 1, "removed": 1}
    ]
    assert CalendarYear.history.filter(year=2026).count() == 2
    assert [row.name for row in CalendarDay.history.filter(date=date(2026, 1, 1)).order_by("history_id")] == [
        "元旦",
        "元旦节",
    ]
    assert CalendarDay.history.filter(date=date(2026, 1, 2)).first().history_type == "-"


def test_one_bad_file_in_a_directory_changes_nothing_and_is_named_with_its_fields(tmp_path):
    write(tmp_path, 2025)
    bad = write(tmp_path, 2026, lambda content: content["days"][2].update(date="2026-02-30"))
    message = refused(tmp_path)
    assert f"{bad.name} days[2].date" in message
    assert state() == ((), 0)


def test_a_file_that_is_no_json_is_named_with_its_line(tmp_path):
    file = tmp_path / "2026.json"
    file.write_text('{\n "year": 2026,\n "days": [}\n', encoding="utf-8")
    assert "2026.json 第 3 行" in refused(file)


def test_one_year_in_two_files_is_refused(tmp_path):
    (tmp_path / "again.json").write_bytes(write(tmp_path, 2026).read_bytes())
    assert "2026 年出现在两个文件里" in refused(tmp_path)
    assert state() == ((), 0)


def test_a_day_that_another_year_already_orders_is_refused(tmp_path):
    load(DATA / "2019.json")  # it orders 2018-12-29
    extra = {"date": "2018-12-29", "kind": "makeup", "name": "元旦"}
    file = write(tmp_path, 2018, lambda content: content["days"].append(extra))
    assert "2018-12-29 已由 2019 年的安排规定" in refused(file)
    assert state()[0] == ((2019, 1),)


@pytest.mark.parametrize("name", ["nothing.json", "."])
def test_a_missing_file_or_an_empty_directory_is_told(tmp_path, name):
    message = refused(tmp_path / name)
    assert "找不到" in message or "没有 .json 文件" in message


def test_without_json_the_result_is_a_sentence_for_each_year():
    out = StringIO()
    call_command("load_calendar", str(DATA / "2026.json"), stdout=out)
    assert out.getvalue().strip() == "2026 年：新增（第 1 版；新增 39 天，更改 0 天，取消 0 天）"


# What the database refuses


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"kind": "half"}, "calendar_day_kind_is_known"),
        ({"kind": "makeup", "date": date(2026, 3, 2)}, "calendar_day_makeup_on_a_weekend"),
        ({"date": date(2027, 1, 1)}, "calendar_day_in_its_year"),
        ({"date": date(2025, 11, 30)}, "calendar_day_in_its_year"),
        ({"name": ""}, "calendar_day_has_a_name"),
        ({"date": date(2026, 1, 1)}, "halls_calendarday_date_key"),
    ],
)
def test_the_database_refuses_a_day_that_cannot_be(change, constraint):
    load(DATA / "2026.json")
    day = {"year_id": 2026, "date": date(2026, 3, 3), "kind": DayKind.HOLIDAY, "name": "试"} | change
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CalendarDay.objects.create(**day)


def test_a_day_needs_a_published_year():
    def orphan():
        CalendarDay.objects.create(year_id=2027, date=date(2026, 12, 5), kind=DayKind.HOLIDAY, name="试")
        connection.check_constraints()  # deferred until here

    with pytest.raises(IntegrityError, match="halls_calendarday_year"), transaction.atomic():
        orphan()


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"year": 1066}, "calendar_year_in_range"),
        ({"version": 0}, "calendar_year_version_from_one"),
        ({"source": ""}, "calendar_year_names_its_source"),
        ({"sha256": "x"}, "calendar_year_has_a_digest"),
        ({"year": 2026}, "halls_calendaryear_year_key"),
    ],
)
def test_the_database_refuses_a_year_that_cannot_be(change, constraint):
    load(DATA / "2026.json")
    year = {"year": 2031, "version": 1, "source": "试", "sha256": "0" * 64} | change
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CalendarYear.objects.create(**year)


# Reading


def test_what_is_read_is_what_the_files_say():
    load(DATA)
    calendar = load_calendar()
    files = [read_arrangement(file.read_bytes()) for file in DATA.glob("*.json")]
    assert calendar.published == {file.year for file in files}
    assert calendar.special == {day.date: (day.kind, day.name) for file in files for day in file.days}


def test_the_moment_of_an_act_and_its_calendar_cost_one_statement_warm_and_two_cold(django_assert_num_queries):
    load(DATA)
    with django_assert_num_queries(2):
        cold = read_moment()
    with django_assert_num_queries(1):
        warm = read_moment()
    assert warm.calendar is cold.calendar
    assert warm.at >= cold.at  # whole seconds
    assert warm.at.utcoffset() == timedelta(hours=8)


def test_a_published_change_is_seen_at_once(tmp_path):
    load(DATA / "2026.json")
    assert load_calendar().is_working(date(2026, 3, 3))
    extra = {"date": "2026-03-03", "kind": "holiday", "name": "县庆"}
    load(write(tmp_path, 2026, lambda content: content["days"].append(extra)), "--reason", "县庆")
    assert load_calendar().why(date(2026, 3, 3)) == "法定节假日·县庆"


def test_a_change_that_is_rolled_back_leaves_nothing_in_memory(tmp_path):
    load(DATA / "2026.json")

    def with_day_off(day):
        extra = {"date": day, "kind": "holiday", "name": "县庆"}
        load(write(tmp_path, 2026, lambda content: content["days"].append(extra)), "--reason", "县庆")

    with transaction.atomic():
        with_day_off("2026-03-03")
        assert not load_calendar().is_working(date(2026, 3, 3))
        transaction.set_rollback(True)
    with_day_off("2026-03-04")  # again version 2, but another one
    assert load_calendar().is_working(date(2026, 3, 3))
    assert not load_calendar().is_working(date(2026, 3, 4))


def test_a_missing_year_is_seen_by_the_caller():
    load(DATA / "2018.json")
    moment = read_moment()
    assert not moment.calendar.is_published(moment.at.year)


def test_an_empty_calendar_can_be_read():
    assert load_calendar().published == frozenset()
