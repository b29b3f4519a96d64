"""A calendar file is taken whole or refused with every fault named."""

import json

import pytest

from halls.domain.calendar_file import read_arrangement
from halls.domain.errors import Invalid

FIXED = ["01-01", "05-01", "05-02", "10-01", "10-02", "10-03"]


def content(**changes):
    days = [{"date": f"2027-{day}", "kind": "holiday", "name": "节"} for day in FIXED]
    return {
        "year": 2027,
        "title": "通知",
        "document_no": None,
        "published_on": None,
        "source": "试",
        "days": days,
    } | changes


def with_day(**day):
    return content(days=[*content()["days"], {"date": "2027-02-08", "kind": "holiday", "name": "春节"} | day])


def read(value):
    return read_arrangement(json.dumps(value).encode())


def faults(value) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        read(value) if not isinstance(value, bytes) else read_arrangement(value)
    return {problem.field: problem.message for problem in refusal.value.problems}


def test_a_good_file_is_read_and_its_digest_does_not_depend_on_spacing_or_order():
    one = read(content())
    two = read_arrangement(json.dumps(content(days=content()["days"][::-1]), indent=4).encode("utf-8-sig"))
    assert one == two
    assert one.sha256 == two.sha256
    assert read(with_day()).sha256 != one.sha256


def test_a_notice_may_reach_into_the_december_before_its_year_but_no_further():
    assert read(with_day(date="2026-12-26", kind="makeup")).days[0].kind == "makeup"
    assert "不属于 2027 年" in faults(with_day(date="2026-11-28"))["days[6].date"]
    assert "不属于 2027 年" in faults(with_day(date="2028-01-01"))["days[6].date"]


@pytest.mark.parametrize(
    ("value", "field", "word"),
    [
        (content(year="2027"), "year", "整数"),
        (content(year=True), "year", "整数"),
        (content(year=1066), "year", "整数"),
        (content(source=" "), "source", "文字"),
        (content(source=None), "source", "文字"),
        (content(document_no=5), "document_no", "文字"),
        (content(published_on="2026-11-31"), "published_on", "日期"),
        (content(days=[]), "days", "不能为空"),
        (content(days=None), "days", "列表"),
        (content(dais=[]), "dais", "不认识"),
        (content(days=["2027-01-01"]), "days[0]", "对象"),
        (with_day(date="2027-02-29"), "days[6].date", "日期"),
        (with_day(date="20270208"), "days[6].date", "日期"),
        (with_day(date=20270208), "days[6].date", "日期"),
        (with_day(date="2027-10-01"), "days[6].date", "两次"),
        (with_day(kind="half"), "days[6].kind", "makeup"),
        (with_day(kind=["holiday"]), "days[6].kind", "makeup"),
        (with_day(kind="makeup"), "days[6].date", "不是周六"),
        (with_day(name=""), "days[6].name", "文字"),
        (with_day(name="节" * 41), "days[6].name", "文字"),
        (with_day(note="?"), "days[6].note", "不认识"),
        (content(days=content()["days"][:-1]), "days", "缺少法定节假日 2027-10-03"),
        ([], "文件", "对象"),
        (b'{"year": 2027,\n "year": 2028}', "year", "两次"),
        (b'{"year": 2027,\n oops}', "第 2 行第 2 列", "JSON"),
        (b'{"year":\n "\xff"}', "第 2 行", "UTF-8"),
        (b"[" * 100_000, "文件", "嵌套"),
        (b"[" + b"1" * 5000 + b"]", "文件", "过长的数字"),
        (with_day(name="元\u202e旦"), "days[6].name", "控制字符"),
        (with_day(name="元\x00旦"), "days[6].name", "控制字符"),
        (content(source="通知\ud800"), "source", "控制字符"),
        (b"", "第 1 行第 1 列", "JSON"),
    ],
)
def test_a_bad_file_is_refused_with_the_line_or_field(value, field, word):
    assert word in faults(value)[field]


def test_all_faults_are_told_at_once():
    bad = content(year=0, source="", days=[{"date": "?", "kind": "?", "name": "?"}])
    assert {"year", "source", "days[0].date", "days[0].kind"} <= faults(bad).keys()
