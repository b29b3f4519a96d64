"""The pasted text of the yearly notice: what it orders, and what is wrong with it."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from halls.domain.calendar import DayKind, WorkCalendar
from halls.domain.calendar_file import Arrangement, read_arrangement
from halls.domain.errors import Invalid
from halls.domain.notice_text import LONGEST, qingming, read_notice
from tests.halls.domain.notices import ITEMS, ITEMS_2027, NUMBERS, notice

DATA = Path(__file__).resolve().parents[3] / "data" / "calendar"
# A later notice changed one holiday of these years: what the first said of it is not in the file.
CHANGED_LATER = {
    2019: ({date(2019, 4, 28)}, {date(2019, 5, day) for day in (1, 2, 3, 4, 5)}),
    2020: ({date(2020, 1, 31)}, {date(2020, 2, 1)}),
}


def file_of(year: int) -> Arrangement:
    return read_arrangement((DATA / f"{year}.json").read_bytes())


def calendar_of(arrangement: Arrangement) -> WorkCalendar:
    special = {day.date: (day.kind, day.name) for day in arrangement.days}
    return WorkCalendar(frozenset({arrangement.year}), special)


def faults_of(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(Invalid) as refusal:
        read_notice(text)
    assert refusal.value.cure
    assert all(problem.cure for problem in refusal.value.problems)
    return [(problem.field, problem.message, problem.cure) for problem in refusal.value.problems]


@pytest.mark.parametrize("year", sorted(NUMBERS))
def test_every_published_notice_says_what_the_file_of_its_year_says(year):
    found, kept = calendar_of(read_notice(notice(year))), calendar_of(file_of(year))
    later = set().union(*CHANGED_LATER.get(year, ()))
    day, differing = date(year - 1, 12, 20), []
    while day <= date(year, 12, 31):
        if found.is_working(day) != kept.is_working(day) and day not in later:
            differing.append(day)
        day += timedelta(days=1)
    assert differing == []


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_its_head_is_the_head_of_the_file_and_its_names_cover_those_of_the_file(year):
    found, kept = read_notice(notice(year)), file_of(year)
    assert (found.document_no, found.published_on) == (kept.document_no, kept.published_on)
    assert found.source == f"国务院办公厅关于{year}年部分节假日安排的通知"
    names = {day.date: set(day.name.split("、")) for day in found.days}
    assert all(set(day.name.split("、")) <= names[day.date] for day in kept.days if day.date in names)


def test_the_notice_of_2026_gives_exactly_the_days_of_the_file():
    found, kept = read_notice(notice(2026)), file_of(2026)
    assert [(day.date, day.kind, day.name) for day in found.days] == [
        (day.date, day.kind, day.name) for day in kept.days
    ]


def test_a_year_that_nobody_has_published_is_read_too():
    found = read_notice(notice(2027, ITEMS_2027))
    assert (found.year, found.document_no, found.published_on) == (2027, "国办发明电〔2026〕9号", date(2026, 11, 5))
    assert len(found.days) == 3 + 9 + 3 + 6 + 1 + 1 + 8


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.translate(str.maketrans("：，（）", ":,()")),
        lambda text: text.replace("周", "星期"),
        lambda text: text.replace("\n", "\r\n").replace("上班", "上\n班").replace("月", "月 "),
        lambda text: text.replace("至", "\n至\u3000"),
        lambda text: text.replace("1月1日", "\uff11月\uff11日"),
        lambda text: text.replace("〔2025〕7号", "[2025]7号"),
        lambda text: text.replace("〔2025〕7号", "（2025）7 号"),
        lambda text: text.replace("2月15日（农历腊月二十八、周日）至23日", "农历腊月二十八（2月15日、周日）至23日"),
        lambda text: text.replace("六、中秋节：", "六、中秋："),
        lambda text: text.replace("2月14日（周六）、2月28日（周六）上班", "2月14日（周六）、28日（周六）照常上班"),
        lambda text: "\n".join(
            f"{n}.{line[2:]}" if line[1:2] == "、" else line for n, line in enumerate(text.split("\n"))
        ),
    ],
    ids=["half", "weekday", "breaks", "spaces", "wide", "brackets", "round", "lunar", "short", "month", "numbers"],
)
def test_how_it_is_typed_does_not_matter(change):
    text = notice(2026)
    assert change(text) != text
    assert read_notice(change(text)).days == read_notice(text).days


def test_new_years_eve_without_a_year_lies_in_the_december_before():
    items = ITEMS[2023].replace("2022年12月31日至2023年1月2日", "12月31日至1月2日")
    assert read_notice(notice(2023, items)).days == read_notice(notice(2023)).days


def test_a_break_joined_to_a_weekend_may_count_it_or_not():
    for told in ("放假，共1天，与周末连休", "放假，共3天，与周末连休"):
        items = ITEMS[2024].replace("6月10日放假，与周末连休", f"6月10日{told}")
        assert read_notice(notice(2024, items)).days == read_notice(notice(2024)).days


def test_a_pasted_page_without_a_signature_has_no_date_but_its_date_of_issue_counts():
    text = notice(2026).partition("\n国务院办公厅\n")[0]
    assert read_notice(text).published_on is None
    assert read_notice(f"发布日期：2025年11月04日\n{text}").published_on == date(2025, 11, 4)


@pytest.mark.parametrize("year", [2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026])
def test_the_day_of_qingming_is_computed(year):
    day = next(day for day in file_of(year).days if day.date == qingming(year))
    assert (day.kind, day.name) == (DayKind.HOLIDAY, "清明节")


@pytest.mark.parametrize(
    ("old", "new", "sentence", "message"),
    [
        ("1月1日（周四）", "1月1日（周五）", "1月1日(周五)至3日", "1月1日是周四，通知写的是周五"),
        ("1月4日（周日）上班", "1月4日（周六）上班", "1月4日(周六)上班", "1月4日是周日，通知写的是周六"),
        ("共9天", "共8天", "共8天", "写的是共8天，按日期是9天"),
        ("5月9日（周六）上班", "5月8日上班", "5月8日上班", "5月8日不是周末，不能调休上班"),
        ("三、清明节：", "三、踏青节：", "三、踏青节:", "不认识节日「踏青节」"),
        ("10月1日（周四）至7日（周三）放假调休，共7天", "10月2日至7日放假，共6天", "正文", "缺少法定节假日10月1日"),
        ("4月4日（周六）至6日（周一）放假，共3天", "4月4日放假，共1天", "正文", "缺少法定节假日4月5日（清明节）"),
        ("2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）", "2月17日", "二、春节:", "这里只有1天"),
        ("6月19日（周五）至21日（周日）放假，共3天", "另行通知", "五、端午节:", "没有写哪几天放假"),
        ("9月25日（周五）至27日（周日）放假", "9月27日（周日）至25日（周五）放假", "9月27日", "的起止不对"),
        ("9月25日（周五）", "9月31日（周五）", "9月31日", "没有2026年9月31日这一天"),
        ("10月10日（周六）上班", "10月4日（周日）上班", "9月20日", "10月4日在通知里安排了两次"),
        ("1月4日（周日）上班", "1月4日（周日）补课", "1月4日(周日)补课", "读不通"),
        ("1月4日（周日）上班", "2025年1月4日上班", "2025年1月4日上班", "2025年1月4日不属于2026年的安排"),
        ("国办发明电〔2025〕7号", "", "文号", "没有找到文号"),
        ("2026年\n部分节假日安排", "2026年劳动节假期安排", "标题", "没有找到"),
        ("七、国庆节：", "七、中秋节：", "正文", "没有国庆节的安排"),
        ("1月1日（周四）至3日（周六）放假调休，共3天", "1日（周四）放假", "1日(周四)放假", "没有写月份"),
    ],
)  # fmt: skip
def test_every_fault_is_told_with_its_sentence_and_the_cure(old, new, sentence, message):
    text = notice(2026)
    assert old in text
    faults = faults_of(text.replace(old, new))
    assert any(sentence in where and message in what for where, what, _cure in faults), faults


def test_all_faults_are_told_at_once():
    text = notice(2026).replace("共9天", "共8天").replace("1月1日（周四）", "1月1日（周五）")
    assert len(faults_of(text)) == 2


@pytest.mark.parametrize(
    "text", ["", "你好", "一、", "（" * 5000, "国务院办公厅关于2026年部分节假日安排的通知", "1" * LONGEST]
)
def test_what_is_no_notice_is_refused_in_words(text):
    assert faults_of(text)


def test_what_is_too_long_is_refused_before_it_is_read():
    with pytest.raises(Invalid, match="notice_too_long"):
        read_notice(notice(2026) + "。" * LONGEST)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("一、元旦:" + "㏠、" * 9900, "过长"),  # each sign unfolds into two
        ("一、元旦:" + "1日、" * 6000, "超过 400 个字"),
        ("一、元旦:" + "1月1日至15日、" * 2000, "超过 400 个字"),
    ],
    ids=["compatibility signs", "days", "spans"],
)
def test_an_endless_sentence_is_refused_before_it_is_matched(body: str, said: str) -> None:
    """Matching one took minutes, and the whole site with it."""
    head = "国务院办公厅关于2026年部分节假日安排的通知\n国办发明电〔2025〕7号\n"
    with pytest.raises(Invalid) as refusal:
        read_notice((head + body)[:19_990])
    told = refusal.value.message + "".join(problem.message for problem in refusal.value.problems)
    assert said in told
