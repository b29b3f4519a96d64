"""Weeks, months, rates, ranking and corrections: the arithmetic of a bulletin."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halls.domain.errors import Invalid
from halls.domain.worktime import SHANGHAI
from supervision.domain.bulletin import brief, compose
from supervision.domain.columns import BY_KEY
from supervision.domain.periods import Period, PeriodKind, period_of
from supervision.domain.statistics import (
    Body,
    Exclusion,
    Line,
    adjustments,
    change_words,
    covers,
    moved_words,
    rank,
    total_of,
)
from supervision.figures_time import MEANS
from supervision.views.statistics import mean_of, share

MARCH = Period(PeriodKind.MONTH, date(2026, 3, 1))
DAYS = st.dates(date(2018, 1, 1), date(2098, 12, 31))


def line(code, **counts):
    return Line(Body(code, f"{code}镇", f"1/{code}/"), counts)


@given(day=DAYS, kind=st.sampled_from(PeriodKind))
def test_every_day_lies_in_one_period_and_periods_follow_each_other(day, kind):
    period = period_of(kind, day)
    assert period.first <= day <= period.last
    assert period.following.first == period.last + timedelta(days=1)
    assert period.following.previous == period
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)
    assert period.holds(noon)
    assert not period.following.holds(noon)


def test_midnight_belongs_to_the_new_month():
    march = Period(PeriodKind.MONTH, date(2026, 3, 1))
    assert march.holds(datetime(2026, 3, 31, 23, 59, 59, tzinfo=SHANGHAI))
    assert not march.holds(datetime(2026, 4, 1, 0, 0, tzinfo=SHANGHAI))
    assert march.label == "2026年3月"
    assert Period(PeriodKind.MONTH, date(2026, 12, 1)).following.first == date(2027, 1, 1)
    assert period_of(PeriodKind.WEEK, date(2027, 1, 1)).label == "2026年第53周（12月28日至1月3日）"


def test_a_period_begins_on_its_first_day():
    with pytest.raises(Invalid):
        Period(PeriodKind.WEEK, date(2026, 3, 3))
    with pytest.raises(Invalid):
        Period(PeriodKind.MONTH, date(2026, 3, 2))


def test_a_rate_without_a_base_is_no_rate_and_is_rounded_down_as_on_every_page():
    rate = BY_KEY["on_time_rate"]
    assert line("a").text(rate) == "—"
    assert line("a", finished=3, on_time=2).text(rate) == "66.6%"
    assert line("a", finished=10_000, on_time=9_996).text(rate) == share(9_996, 10_000) == "99.9%"
    assert line("a", finished=10_000, on_time=10_000).text(rate) == "100.0%"
    assert line("a", timed=3, used_days=10).text(BY_KEY["used_mean"]) == "3.3"


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_is_never_over_a_hundred_percent(part, whole):
    value = line("a", finished=whole, on_time=min(part, whole)).value(BY_KEY["on_time_rate"])
    assert value is not None
    assert 0 <= value <= 1000


def test_ranking_knows_equals_cards_and_whoever_is_not_ranked():
    lines = [
        line("a", due=10, due_in_time=10),
        line("b", due=10, due_in_time=10, red=1),
        line("c"),
        line("d", due=10, due_in_time=10),
        line("e", due=4, due_in_time=1),
        line("f", due=9, due_in_time=9),
    ]
    found = rank(lines, [Exclusion("1/f/", "f镇", "机构合并，数据移交中", "2026-03-01", "2026-06-30")])
    assert [(place, one.body.code) for place, one in found.places] == [(1, "a"), (1, "d"), (3, "b"), (4, "e")]
    assert dict(found.unranked) == {
        "c镇": "本期没有到期的办件，不排名",
        "f镇": "不参加排名：机构合并，数据移交中（2026-03-01 至 2026-06-30）",
    }


def test_a_card_that_was_revoked_costs_no_place_and_the_county_takes_none_among_townships():
    county = Line(Body("1", "县（本级）", "1/"), {"due": 50, "due_in_time": 50})
    lines = [county, *(line(code, due=10, due_in_time=10, **cards) for code, cards in (
        ("a", {"red": 1}), ("b", {"red": 1, "red_revoked": 1}), ("c", {"yellow": 1}), ("d", {"yellow_revoked": 2}),
    ))]  # fmt: skip
    content = compose(MARCH, "示例县", ((lines, []), ([], [])))
    assert [(row["place"], row["name"]) for row in content["ranking"]["places"]] == [
        (1, "b镇"), (1, "d镇"), (3, "c镇"), (4, "a镇"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "path", "holds"),
    [
        ("1/2/", "1/2/", True),
        ("1/2/", "1/2/3/", True),
        ("1/2/", "1/2/~office/", True),
        ("1/2/", "1/20/", False),
        ("1/2/3/", "1/2/", False),
        ("1/~office/", "1/~office/", True),
        ("1/", "1/", True),
        ("1/", "1/2/", False),
        ("1/", "1/~office/", False),
    ],
)
def test_who_is_excluded_takes_what_lies_below_along_and_the_county_only_itself(rule, path, holds):
    assert covers(rule, path) is holds


def test_fewer_than_three_bodies_are_not_ranked():
    lines = [line("a", due=10, due_in_time=10), line("b", due=3, due_in_time=1), line("c"), line("f", due=9)]
    found = rank(lines, [Exclusion("1/f/", "f镇", "机构合并", "2026-03-01")])
    assert list(found.places) == []
    assert dict(found.unranked) == {
        "a镇": "可以比较的单位不足 3 个，不排名次",
        "b镇": "可以比较的单位不足 3 个，不排名次",
        "c镇": "本期没有到期的办件，不排名",
        "f镇": "不参加排名：机构合并（2026-03-01 起）",
    }
    paper = compose(MARCH, "示例县", ((lines[:3], []), ([], [])))
    assert paper["ranking"]["why"] == "本期可以比较的单位不足 3 个，不排名次。"
    assert len([*rank([*lines[:2], line("d", due=1)]).places]) == 3


def test_whoever_does_not_answer_loses_places_and_gains_none():
    """Of ten that fell due one was decided, in time; of those that it decided that is all of them."""
    idle = line("a", due=10, due_in_time=1, finished=1, on_time=1, open_overdue=9)
    busy = line("b", due=10, due_in_time=9, finished=10, on_time=9, late=1)
    content = compose(MARCH, "示例县", (([idle, busy, line("c", due=2, due_in_time=1)], []), ([], [])))
    assert (idle.text(BY_KEY["on_time_rate"]), idle.text(BY_KEY["due_rate"])) == ("100.0%", "10.0%")
    assert [row["name"] for row in content["ranking"]["places"]] == ["b镇", "c镇", "a镇"]
    assert content["ranking"]["heads"][2:5] == ["到期按时率", "到期办件", "到期办件按时决定"]
    assert content["ranking"]["places"][2]["cells"] == ["10.0%", "10", "1", "0", "0"]
    assert "拖着不办的也在分母里" in content["ranking"]["rule"]
    told = "".join(content["summary"])
    assert "有承诺期限到期的 22 件，其中按时 11 件，到期按时率 50.0%；期末在办 0 件，其中期末超期在办 9 件" in told


def test_every_share_has_its_definition_and_every_mean_says_how_it_is_rounded():
    for column in BY_KEY.values():
        if column.share is not None:
            assert ("取一位小数，四舍五入" in column.definition) == column.is_mean, column.key
    for key in ("due_rate", "orders_due_rate", "complaints_due_rate", "inquiries_due_rate", "rectify_due_rate"):
        assert "也在分母里" in BY_KEY[key].definition
    assert mean_of(1, 4) == line("a", timed=4, used_days=1).text(BY_KEY["used_mean"]) == "0.3"
    assert mean_of(0, 0) == "—"
    assert all("四舍五入" in str(one.definition) for one in MEANS if not one.is_share)


def test_who_had_nothing_is_told_in_a_sentence_and_stays_in_the_workbook():
    halls, organs = [line("a", received=40), line("b"), line("c")], [line("~x"), line("~y")]
    content = compose(MARCH, "示例县", ((halls, organs), ([line("a", received=2)], [])))
    read = brief(content)
    cases, departments = read["tables"][0], read["tables"][1]
    assert [row["name"] for row in cases["rows"]] == ["a镇", "合计"]
    assert cases["note"] == "另有 2 个单位本期各项都是 0，没有列出。"
    assert departments["rows"] == []
    assert departments["note"] == "本表 2 个单位本期各项都是 0，不列表。"
    assert [(row["label"], row["change"]) for row in read["comparison"]] == [("收件", "增加 38")]
    assert read["comparison_note"].startswith("另有 36 项本期和上期都是 0")
    assert {column["key"] for column in read["columns"]} == set(cases["keys"])
    assert [row["name"] for row in content["tables"][0]["rows"]] == ["a镇", "b镇", "c镇", "合计"]
    assert read["chart"]["bars"] == []


def test_what_moved_is_told_with_its_unit_and_in_the_words_of_the_tables():
    now, before = [line("a", received=45, orders_issued=1, orders_overdue=1)], [line("a", received=2)]
    told = "".join(
        compose(MARCH, "示例县", ((now, [line("~x", orders_issued=1, orders_overdue=1)]), (before, [])))["summary"]
    )
    assert "较上月增加 43 件" in told
    assert "逾期未回复 2 次" in told
    assert "期限届满未回复" not in told


def test_a_paper_of_before_reads_as_it_was_signed():
    """It has neither marks nor notes: nothing of it is left out."""
    content = compose(MARCH, "示例县", (([line("a"), line("b")], []), ([], [])))
    for name in ("is_brief", "comparison_note", "change_rule"):
        del content[name]
    del content["ranking"]["why"], content["ranking"]["heads"]
    content["ranking"]["places"] = [{"place": 1, "name": "a镇", "rate": "50.0%", "finished": 2, "yellow": 0, "red": 1}]
    for table in content["tables"]:
        del table["note"]
    for row in (*content["comparison"], *(row for table in content["tables"] for row in table["rows"])):
        del row["is_nothing"]
    read = brief(content)
    assert [table["rows"] for table in read["tables"]] == [table["rows"] for table in content["tables"]]
    assert (read["comparison"], read["columns"]) == (content["comparison"], content["columns"])
    assert read["ranking"]["why"] == "本期没有可以排名的单位。"
    assert read["ranking"]["heads"][2:] == ["按时决定率", "作出决定", "黄牌", "红牌"]
    assert read["ranking"]["places"][0]["cells"] == ["50.0%", "2", "0", "1"]
    assert read["comparison_note"] == read["change_rule"] == read["tables"][0]["note"] == ""


def test_a_share_of_a_small_base_is_not_compared():
    rate = BY_KEY["on_time_rate"]
    many, more = line("a", finished=30, on_time=30), line("a", finished=40, on_time=30)
    assert moved_words(rate, many, more) == "提高 25.0 个百分点"
    assert moved_words(rate, line("a", finished=29, on_time=1), many) == "基数不足 30，不比较"
    assert moved_words(rate, many, line("a", finished=29, on_time=1)) == "基数不足 30，不比较"
    few = line("a", finished=29, on_time=29)
    assert moved_words(rate, few, few) == "基数不足 30，不比较"
    assert moved_words(rate, many, many) == "持平"
    assert moved_words(rate, many, line("a")) == "无可比数"
    assert (
        moved_words(BY_KEY["used_mean"], line("a", timed=1, used_days=3), line("a", timed=1, used_days=2)) == "提高 1.0"
    )


def test_change_is_told_in_words():
    assert change_words(90, 80) == "增加 10（+12.5%）"
    assert change_words(70, 80) == "减少 10（-12.5%）"
    assert change_words(31, 30) == "增加 1（+3.3%）"
    assert change_words(51, 2) == "增加 49"
    assert change_words(8, 29) == "减少 21"
    assert change_words(3, 0) == "增加 3"
    assert change_words(3, 3) == "持平"
    assert change_words(None, 3) == "无可比数"


def test_corrections_name_month_body_column_and_both_figures():
    period = Period(PeriodKind.MONTH, date(2026, 3, 1))
    found = adjustments(
        period, {"1/a/": {"on_time": 5}}, {"1/a/": {"on_time": 4, "late": 1, "urges": 2}}, ["late", "on_time"]
    )
    assert [(one.column, one.before, one.after) for one in found] == [("late", 0, 1), ("on_time", 5, 4)]
    empty: tuple[list[Line], list[Line]] = ([line("a")], [])
    paper = compose(period, "示例县", (empty, empty), corrections=found)
    assert paper["corrections"][1] == "2026年3月a镇的按时决定由 5 更正为 4。"


def test_the_county_is_the_sum_of_its_halls_and_of_every_card():
    period = Period(PeriodKind.WEEK, date(2026, 3, 2))
    halls = [line("a", received=3, finished=2, on_time=2, red=1), line("b", received=4)]
    organs = [line("~x", finished=2, on_time=2, red=2)]
    paper = compose(period, "示例县", ((halls, organs), ([], [])))
    assert "收件 7 件" in paper["summary"][0]
    assert "红牌 3 张" in paper["summary"][2]
    assert paper["tables"][0]["rows"][-1]["name"] == "合计"
    assert total_of(halls, "合计").counts["received"] == 7
