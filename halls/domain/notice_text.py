"""The text of the yearly notice (国务院办公厅关于某年部分节假日安排的通知), read as it is pasted.

    一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。

Line breaks, spaces, the width of punctuation and 周/星期 do not matter. What is said twice is checked against
itself: a weekday against its date, a number of days against the days. A sentence with a date that is not understood is
a fault too, never dropped. The text does not say which day of a shared break is 中秋节: all bear both names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from halls.domain.calendar import FIRST_YEAR, LABOUR_DAY_DOUBLED, LAST_YEAR, WEEKDAYS, DayKind, fixed_holidays
from halls.domain.calendar_file import DECEMBER, ArrangedDay, Arrangement
from halls.domain.errors import Invalid, Problem

LONGEST: Final = 20_000
LONGEST_SENTENCE: Final = 400
LONGEST_BREAK: Final = 15
NEW_YEAR: Final = "元旦"
SPRING: Final = "春节"
QINGMING: Final = "清明节"
_NAMES: Final = {  # without 节
    "元旦": NEW_YEAR,
    "春": SPRING,
    "清明": QINGMING,
    "劳动": "劳动节",
    "国际劳动": "劳动节",
    "五一": "劳动节",
    "端午": "端午节",
    "中秋": "中秋节",
    "国庆": "国庆节",
}
HOLIDAYS: Final = tuple(dict.fromkeys(_NAMES.values()))

_TITLE: Final = re.compile(r"关于(\d{4})年部分节假日安排的通知")
_NUMBER: Final = re.compile(r"国办发明电[〔\[(【]?(\d{4})[〕\])】]?第?(\d{1,4})号")
_SIGNED: Final = re.compile(r"国务院办公厅(\d{4})年(\d{1,2})月(\d{1,2})日")
_ISSUED: Final = re.compile(r"(?:成文|发布)日期:?(\d{4})年(\d{1,2})月(\d{1,2})日")
_HEADING: Final = re.compile(r"(?:[一二三四五六七八九十]{1,2}、|(?<!\d)\d{1,2}[.、](?!\d))([^:。;\d]{2,20}):")
# 除夕(1月28日、周二) says the same as 1月28日(除夕、周二).
_LUNAR_FIRST: Final = re.compile(r"(?:农历)?(除夕|[正腊]月[初十廿二三][一二三四五六七八九十]*|初[一二三四五六七八九十])"
                                 r"\(((?:\d{1,2}月)?\d{1,2}日)(?:[、,]([^)]*))?\)")  # fmt: skip
_DATE: Final = r"(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日(?:\([^)]*\))?"
_SPAN: Final = rf"{_DATE}(?:(?:至|到|-|—|~){_DATE})?"
_SPANS: Final = rf"{_SPAN}(?:[、,和及]{_SPAN}){{0,20}}"
_OFF: Final = re.compile(
    rf"({_SPANS})(?:,)?放假(?:调休)?(?:,?(?:共|计|共计)?(\d{{1,2}})天)?(,?与周末连休)?(?:,?不调休)?"
)
_WORKED: Final = re.compile(rf"({_SPANS})(?:,)?(?:照常|正常|均|都)?上班")
_PARTS: Final = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^)]*)\))?")
_WEEKDAY: Final = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])")
_TELLING: Final = re.compile(r"\d日|放假|上班|调休")


def read_notice(text: str) -> Arrangement:
    """Return what the pasted notice orders. Raises Invalid, whose problems quote the sentence and name the cure."""
    folded = unicodedata.normalize("NFKC", text[: LONGEST + 1])
    if len(text) > LONGEST or len(folded) > LONGEST:
        raise Invalid(
            "notice_too_long", "粘贴的文字过长，不是放假安排的通知。", field="text", cure="请只粘贴通知全文。"
        )
    plain = re.sub(r"\s+", "", folded)
    reader = _Reader()
    arrangement = reader.arrangement(plain)
    if reader.problems or arrangement is None:
        raise Invalid(
            "notice_faulty",
            f"通知有 {len(reader.problems)} 处读不通，没有采用任何内容。",
            field="text",
            cure="请对照原文逐项改正后重新提交。",
            problems=tuple(reader.problems),
        )
    return arrangement


def qingming(year: int) -> date:
    """Return the day of the solar term 清明 (2000 to 2099), a statutory holiday."""
    short = year % 100
    return date(year, 4, int(short * 0.2422 + 4.81) - short // 4)


@dataclass
class _Section:
    """One numbered item of the notice: its holidays and what was found in it."""

    names: tuple[str, ...]
    heading: str
    off: list[date] = field(default_factory=list)


class _Reader:
    """Reads sentence by sentence and goes on after a fault, so that one try lists all of them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.year = 0
        self.days: dict[date, ArrangedDay] = {}
        self.sections: list[_Section] = []

    def fault(self, sentence: str, message: str, cure: str) -> None:
        self.problems.append(Problem(sentence, message, cure))

    def arrangement(self, plain: str) -> Arrangement | None:
        title = _TITLE.search(plain)
        if title is None or not FIRST_YEAR <= int(title[1]) <= LAST_YEAR:
            self.fault(
                "标题",
                "没有找到「关于××××年部分节假日安排的通知」。",
                "请从标题开始粘贴通知全文，调整个别假期的通知不适用。",
            )
            return None
        self.year = int(title[1])
        number, signed = _NUMBER.search(plain), _SIGNED.search(plain) or _ISSUED.search(plain)
        if number is None:
            self.fault("文号", "没有找到文号。", "请连同标题下面的「国办发明电〔年份〕×号」一起粘贴。")
        self._sections(_SIGNED.sub("。", plain))
        self._statutory_days_are_there()
        return Arrangement(
            year=self.year,
            document_no=f"国办发明电〔{number[1]}〕{number[2]}号" if number else "",
            published_on=self._day(signed[0], int(signed[1]), int(signed[2]), int(signed[3])) if signed else None,
            source=f"国务院办公厅{title[0]}",
            days=tuple(sorted(self.days.values(), key=lambda day: day.date)),
        )

    # Items and sentences

    def _sections(self, plain: str) -> None:
        headings = list(_HEADING.finditer(plain))
        if not headings:
            self.fault("正文", "没有找到「一、元旦：……」这样的条目。", "请粘贴通知全文，保留各条的序号和冒号。")
            return
        ends = [heading.start() for heading in headings[1:]] + [len(plain)]
        for heading, end in zip(headings, ends, strict=True):
            section = _Section(tuple(self._names(heading)), heading[0])
            self.sections.append(section)
            body = _LUNAR_FIRST.sub(
                lambda m: f"{m[2]}({m[1]}{'、' + m[3] if m[3] else ''})", plain[heading.end() : end]
            )
            for sentence in re.split(r"[。;]", body):
                if sentence and not sentence.startswith("鼓励"):
                    self._sentence(section, sentence)
            if section.names and not section.off:
                self.fault(heading[0], "没有写哪几天放假。", "请对照原文补上放假的日期。")

    def _names(self, heading: re.Match[str]) -> Iterator[str]:
        for written in re.split(r"[、和及暨,]", heading[1]):
            name = _NAMES.get(written.removesuffix("节"))
            if name is None:
                known = "、".join(HOLIDAYS)
                self.fault(heading[0], f"不认识节日「{written}」。", f"请写法定节日的名称：{known}。")
            else:
                yield name

    def _sentence(self, section: _Section, sentence: str) -> None:
        if len(sentence) > LONGEST_SENTENCE:  # no notice has one; matching it would take minutes
            cure = "请核对是否漏了句号，或者粘贴了别的内容。"
            self.fault(sentence[:40] + "……", f"这一句超过 {LONGEST_SENTENCE} 个字，读不通。", cure)
            return
        for found in _OFF.finditer(sentence):
            self._off(section, sentence, found)
        for found in _WORKED.finditer(sentence):
            for day in self._spans(section, sentence, found[1]):
                if day.weekday() < WEEKDAYS:
                    self.fault(sentence, f"{_said(day)}不是周末，不能调休上班。", "请核对上班的日期。")
                else:
                    self._take(section, sentence, day, DayKind.MAKEUP)
        if _TELLING.search(_WORKED.sub("", _OFF.sub("", sentence))):
            self.fault(
                sentence,
                "这一句有日期或放假、上班的字样，但读不通。",
                "请写成「1月1日至3日放假，共3天」或「1月4日上班」。",
            )

    def _off(self, section: _Section, sentence: str, found: re.Match[str]) -> None:
        days = self._spans(section, sentence, found[1])
        for day in days:
            self._take(section, sentence, day, DayKind.HOLIDAY)
        section.off += days
        told = int(found[2]) if found[2] else len(days)
        actual = len(_with_weekend(days)) if found[3] else len(days)
        if days and told not in (len(days), actual):
            self.fault(sentence, f"写的是共{told}天，按日期是{len(days)}天。", "请核对起止日期和天数。")

    def _take(self, section: _Section, sentence: str, day: date, kind: DayKind) -> None:
        if day in self.days:
            self.fault(sentence, f"{_said(day)}在通知里安排了两次。", "请核对日期，每一天只能安排一次。")
        self.days[day] = ArrangedDay(day, kind, "、".join(section.names) or "节假日")

    # Dates

    def _spans(self, section: _Section, sentence: str, written: str) -> list[date]:
        """Return every day of 9月29日至10月6日、10月8日; none of a span with a fault."""
        found: list[date] = []
        month: int | None = None
        for span in re.finditer(_SPAN, written):
            ends = []
            for part in _PARTS.finditer(span[0]):
                month = int(part[2]) if part[2] else month
                ends.append(self._told_day(section, sentence, part, month))
            first, last = ends[0], ends[-1]
            if first is None or last is None:
                continue
            if not first <= last < first + timedelta(days=LONGEST_BREAK):
                self.fault(
                    sentence, f"「{span[0]}」的起止不对。", f"结束日应在开始日之后，一次不超过{LONGEST_BREAK}天。"
                )
                continue
            found += [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return found

    def _told_day(self, section: _Section, sentence: str, part: re.Match[str], month: int | None) -> date | None:
        if month is None:
            self.fault(sentence, f"「{part[0]}」没有写月份。", "请补上月份。")
            return None
        into_december = month == DECEMBER and NEW_YEAR in section.names
        day = self._day(sentence, int(part[1]) if part[1] else self.year - into_december, month, int(part[3]))
        if day is None:
            return None
        if day.year != self.year and (day.year, day.month) != (self.year - 1, DECEMBER):
            self.fault(
                sentence, f"{day.year}年{_said(day)}不属于{self.year}年的安排。", "只允许上一年的12月，请核对年份。"
            )
            return None
        told = _WEEKDAY.search(part[4] or "")
        if told is not None and "一二三四五六日".index(told[1].replace("天", "日")) != day.weekday():
            self.fault(sentence, f"{_said(day)}是{_weekday(day)}，通知写的是{told[0]}。", "请核对日期和星期。")
        return day

    def _day(self, sentence: str, year: int, month: int, day: int) -> date | None:
        try:
            return date(year, month, day)
        except ValueError:
            self.fault(sentence, f"没有{year}年{month}月{day}日这一天。", "请核对日期。")
            return None

    # The whole

    def _statutory_days_are_there(self) -> None:
        """Find them: a notice that forgets 国庆节 was pasted in part, whatever else it says."""
        if not self.sections:
            return
        named = {name for section in self.sections for name in section.names}
        for name in HOLIDAYS:
            if name not in named:
                self.fault("正文", f"没有{name}的安排。", "请粘贴通知全文。")
        wanted = {day: special.name for day, special in fixed_holidays(self.year).items()}
        wanted[qingming(self.year)] = QINGMING
        for day, name in sorted(wanted.items()):
            arranged = self.days.get(day)
            if name in named and (arranged is None or arranged.kind is not DayKind.HOLIDAY):
                self.fault("正文", f"缺少法定节假日{_said(day)}（{name}）。", "请核对这个节日的放假日期。")
        least = 4 if self.year >= LABOUR_DAY_DOUBLED else 3
        for section in self.sections:
            if SPRING in section.names and 0 < len(section.off) < least:
                self.fault(
                    section.heading, f"春节法定放假{least}天，这里只有{len(section.off)}天。", "请核对放假日期。"
                )


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _weekday(day: date) -> str:
    return "周" + "一二三四五六日"[day.weekday()]


def _with_weekend(days: list[date]) -> set[date]:
    """Return the days with the weekend days that adjoin them (与周末连休)."""
    whole = set(days)
    for step in (timedelta(days=1), timedelta(days=-1)):
        for start in days:
            day = start + step
            while day.weekday() >= WEEKDAYS:
                whole.add(day)
                day += step
    return whole
