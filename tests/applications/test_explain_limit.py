"""`manage.py explain_limit`: any limit, day by day, from the calendar in the database."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, ManagementUtility, call_command

DATA = Path(__file__).resolve().parents[2] / "data" / "calendar"


@pytest.fixture
def _published(db):
    call_command("load_calendar", str(DATA), stdout=StringIO())


def explain(*arguments: str) -> str:
    out = StringIO()
    call_command("explain_limit", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("_published")
@pytest.mark.parametrize(
    ("arguments", "due_on", "provisional"),
    [
        (["--from", "2026-02-13T10:00+08:00", "--budget", "5wd"], "2026-02-27", False),
        (["--from", "2026-02-13T02:00Z", "--budget", "5wd"], "2026-02-27", False),
        (["--from", "2026-02-13", "--budget", "45wd"], "2026-04-24", False),
        (["--from", "2026-03-02", "--budget", "10wd", "--pause", "2026-03-05..2026-03-11"], "2026-03-20", False),
        (["--from", "2026-03-02", "--budget", "20wd", "--extend", "10wd"], "2026-04-14", False),
        (["--from", "2026-03-02", "--budget", "10wd", "--extend", "1wd", "--extend", "1wd"], "2026-03-18", False),
        (["--from", "2026-03-02", "--budget", "10wd", "--pause", "2026-03-05.."], None, False),
        (["--from", "2026-01-31", "--budget", "1mo"], "2026-02-28", False),
        (["--from", "2026-12-28", "--budget", "5wd"], "2027-01-05", True),
    ],
)
def test_it_prints_the_due_day_and_every_day_as_json(arguments, due_on, provisional):
    printed = json.loads(explain(*arguments, "--json"))
    assert (printed["due_on"], printed["provisional"]) == (due_on, provisional)
    assert set(printed) == {"due_on", "due_at", "provisional", "days"}
    assert all(set(day) == {"date", "counted", "n", "reason"} for day in printed["days"])
    if due_on is not None:
        assert printed["days"][-1]["date"] == due_on


@pytest.mark.usefixtures("_published")
def test_a_limit_in_working_hours_tells_its_moment_and_what_each_day_counts():
    arguments = ("--from", "2026-03-06T17:29+08:00", "--budget", "4wh")
    assert explain(*arguments).splitlines() == [
        "时限说明单：自 2026-03-06 收到时起按办公时间计算，期限 4个工作小时",
        "2026-03-06 周五    1  工作日，计1分钟",
        "2026-03-07 周六    －  周末",
        "2026-03-08 周日    －  周末",
        "2026-03-09 周一    2  工作日，计3小时59分钟",
        "届满时刻：2026-03-09 14:29:00",
    ]
    assert json.loads(explain(*arguments, "--json"))["due_at"] == "2026-03-09T14:29:00+08:00"


@pytest.mark.usefixtures("_published")
def test_without_json_it_prints_a_table_that_can_be_read():
    text = explain("--from", "2026-03-05", "--budget", "2wd", "--extend", "1wd")
    assert text.splitlines() == [
        "时限说明单：自 2026-03-05 次日起算，期限 2个工作日 + 1个工作日",
        "2026-03-06 周五    1  工作日",
        "2026-03-07 周六    －  周末",
        "2026-03-08 周日    －  周末",
        "2026-03-09 周一    2  工作日",
        "2026-03-10 周二    3  工作日（延长期限）",
        "届满日：2026-03-10",
    ]
    assert "暂定" in explain("--from", "2026-12-30", "--budget", "5wd")
    assert "暂停中" in explain("--from", "2026-03-02", "--budget", "5wd", "--pause", "2026-03-03..")


@pytest.mark.django_db
def test_without_any_published_year_everything_is_provisional():
    printed = json.loads(explain("--from", "2026-02-13", "--budget", "5wd", "--json"))
    assert (printed["due_on"], printed["provisional"]) == ("2026-02-20", True)


GOOD = {"--from": "2026-03-02T10:00+08:00", "--budget": "5wd"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"--from": None}, "缺少参数 --from"),
        ({"--budget": None}, "缺少参数 --budget"),
        ({"--from": "yesterday"}, "--from 的值“yesterday”有误"),
        ({"--from": "2026-02-30"}, "--from 的值“2026-02-30”有误"),
        ({"--from": "2026-03-02T10:00"}, "缺少时区"),
        ({"--from": "0001-01-01T00:00+14:00"}, "日期超出可计算的范围"),
        ({"--budget": "5"}, "看不懂期限“5”"),
        ({"--budget": "-5wd"}, "看不懂期限“-5wd”"),
        ({"--extend": "soon"}, "看不懂期限“soon”"),
        ({"--pause": "2026-03-05"}, "2026-03-05..2026-03-11"),
        ({"--pause": "2026-02-30..2026-03-01"}, "不是真实存在的日期"),
        ({"--pause": "2026-03-05..2026-03-01"}, "早于开始日"),
    ],
)
def test_bad_arguments_end_with_exit_code_2_and_say_what_is_wrong(change, words, capsys):
    arguments = [f"{name}={value}" for name, value in (GOOD | change).items() if value is not None]
    with pytest.raises(SystemExit) as leaving:
        ManagementUtility(["manage.py", "explain_limit", *arguments, "--json"]).execute()
    printed = capsys.readouterr()
    assert leaving.value.code == 2
    assert words in printed.err
    assert printed.out == ""


@pytest.mark.django_db
def test_a_limit_that_ends_beyond_all_calendars_is_refused():
    with pytest.raises(CommandError, match="超出可计算的范围") as refusal:
        explain("--from", "2026-03-02", "--budget", "9999mo")
    assert refusal.value.returncode == 2
