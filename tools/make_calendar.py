"""Write data/calendar/<year>.json from two independent libraries, and refuse if they differ on any day.

For developers (needs requirements-dev.txt). When the notice for a new year is out and both libraries know it:
add the notice to NOTICES, then run `python tools/make_calendar.py 2027`. Without arguments all years are written.
A county that cannot wait writes the file by hand, as halls/domain/calendar_file.py describes it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import chinese_calendar
import holidays
from chinese_calendar.constants import Holiday
from chinese_calendar.constants import holidays as off_days
from chinese_calendar.constants import workdays as worked_days

TARGET = Path(__file__).resolve().parent.parent / "data" / "calendar"

# The notices of 国务院办公厅: their numbers (year of issue, number; a later change behind it) and the first one's date.
NOTICES: dict[int, tuple[list[tuple[int, int]], str]] = {
    2018: ([(2017, 12)], "2017-11-30"),
    2019: ([(2018, 15), (2019, 3)], "2018-12-04"),  # 劳动节 made longer
    2020: ([(2019, 16), (2020, 1)], "2019-11-21"),  # 春节 made longer
    2021: ([(2020, 27)], "2020-11-25"),
    2022: ([(2021, 11)], "2021-10-25"),
    2023: ([(2022, 16)], "2022-12-08"),
    2024: ([(2023, 7)], "2023-10-25"),
    2025: ([(2024, 12)], "2024-11-12"),
    2026: ([(2025, 7)], "2025-11-04"),
}
SOURCE = "由公开的软件包 holidays {} 和 chinesecalendar {} 生成，逐日一致".format(
    version("holidays"), version("chinesecalendar")
)
FULL_NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}
CHINESE = {kind.value: FULL_NAMES.get(kind.chinese, kind.chinese) for kind in Holiday}
NEW_YEAR = Holiday.new_years_day.value
DECEMBER = 12


def notice_year(day: date) -> int:
    """Return the year whose notice orders the day: a New Year's break may begin in the December before."""
    festival = off_days.get(day) or worked_days.get(day)
    return day.year + 1 if day.month == DECEMBER and festival == NEW_YEAR else day.year


def days_of_notice(year: int) -> Iterator[date]:
    first = date(year - 1, DECEMBER, 1)
    for offset in range((date(year, 12, 31) - first).days + 1):
        day = first + timedelta(days=offset)
        if (day in off_days or day in worked_days) and notice_year(day) == year:
            yield day


def disagreements(year: int) -> list[date]:
    """Return the days of the calendar year on which the two libraries differ."""
    other = holidays.country_holidays("CN", years=(year - 1, year, year + 1))
    days = (
        date(year, 1, 1) + timedelta(days=offset) for offset in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)
    )
    return [day for day in days if other.is_working_day(day) != chinese_calendar.is_workday(day)]


def name_of(day: date, other: holidays.HolidayBase) -> str:
    """Return the festival: where one break covers two, the second library knows which day is whose."""
    span = CHINESE[str(off_days.get(day) or worked_days[day])]
    named = {part.replace("（补假）", "") for part in re.split(r"; *", str(other.get(day, "")))}
    own = sorted(named & set(CHINESE.values()), key=lambda name: name != span)
    return "、".join(own) or span


def arrangement(year: int) -> dict[str, object]:
    other = holidays.country_holidays("CN", years=(year - 1, year), language="zh_CN")
    numbers, published_on = NOTICES[year]
    return {
        "year": year,
        "title": f"国务院办公厅关于{year}年部分节假日安排的通知",
        "document_no": "、".join(f"国办发明电〔{issued}〕{number}号" for issued, number in numbers),
        "published_on": published_on,
        "source": SOURCE,
        "days": [
            {
                "date": day.isoformat(),
                "kind": "holiday" if day in off_days else "makeup",
                "name": name_of(day, other),
            }
            for day in days_of_notice(year)
        ],
    }


def written(content: dict[str, object]) -> str:
    """Return JSON with one day on a line, so that a change of one day is a change of one line."""
    head = {key: value for key, value in content.items() if key != "days"}
    lines = [f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}," for key, value in head.items()]
    days = content["days"]
    if not isinstance(days, list):
        raise TypeError("days")
    rows = ",\n".join(f"    {json.dumps(day, ensure_ascii=False)}" for day in days)
    return "\n".join(["{", *lines, '  "days": [', rows, "  ]", "}", ""])


def main(years: list[int]) -> int:
    faults = [day for year in years for day in disagreements(year)]
    if faults:
        sys.stderr.write("The libraries differ on: " + ", ".join(map(str, faults)) + "\n")
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    for year in years:
        content = arrangement(year)
        (TARGET / f"{year}.json").write_text(written(content), encoding="utf-8")
        sys.stdout.write(f"{year}: written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main([int(argument) for argument in sys.argv[1:]] or sorted(NOTICES)))
