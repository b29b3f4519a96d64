"""When a limit ends: the worked examples, the rules of law behind them, and the traps others fell into."""

from datetime import UTC, date, datetime, timedelta

import pytest

from halls.domain.budget import Budget, Unit
from halls.domain.calendar import NO_CALENDAR, WorkCalendar
from halls.domain.errors import Invalid
from halls.domain.worktime import SHANGHAI, Pause, due, remaining, used, warn_from


def at(text: str) -> datetime:
    """Return the moment in Asia/Shanghai; a bare day is its 10 o'clock."""
    return datetime.fromisoformat(text if "T" in text else f"{text}T10:00").replace(tzinfo=SHANGHAI)


def on(text: str) -> date:
    return date.fromisoformat(text)


MARCH_PAUSE = Pause(on("2026-03-05"), on("2026-03-11"))

EXAMPLES = [
    ("2025-01-24", "5wd", "2025-02-07"),
    ("2025-01-24", "20wd", "2025-02-27"),
    ("2025-04-25", "5wd", "2025-05-06"),
    ("2025-09-26", "1wd", "2025-09-28"),
    ("2025-09-26", "5wd", "2025-10-10"),
    ("2025-09-30", "5wd", "2025-10-14"),
    ("2025-09-30", "10wd", "2025-10-21"),
    ("2026-02-13", "5wd", "2026-02-27"),
    ("2026-02-13", "20wd", "2026-03-19"),
    ("2026-02-13", "45wd", "2026-04-24"),
    ("2026-04-30", "1wd", "2026-05-06"),
    ("2026-05-02", "5wd", "2026-05-11"),
    ("2026-09-18", "5wd", "2026-09-24"),
    ("2026-03-02", "10wd", "2026-03-16"),
    ("2026-03-02", "20wd", "2026-03-30"),
    ("2026-04-01", "45wd", "2026-06-08"),
    ("2026-09-30", "10wd", "2026-10-20"),
]


@pytest.mark.parametrize(("start", "budget", "expected"), EXAMPLES)
def test_the_worked_examples_end_on_their_day(county, start, budget, expected):
    result = due(at(start), Budget.parse(budget), county)
    assert result.due_on == on(expected)
    assert result.due_at == at(f"{expected}T23:59:59")
    assert not result.provisional


def test_the_worked_example_with_a_special_procedure_ends_four_working_days_later(county):
    assert due(at("2026-03-02"), Budget(10), county, [MARCH_PAUSE]).due_on == on("2026-03-20")


@pytest.mark.parametrize(
    ("start", "base", "extension", "expected"),
    [("2026-03-02", 20, 10, "2026-04-14"), ("2026-04-01", 45, 15, "2026-06-30")],
)
def test_the_worked_examples_with_an_extension_end_on_their_day(county, start, base, extension, expected):
    assert due(at(start), Budget(base), county, (), [Budget(extension)]).due_on == on(expected)


def test_the_worked_example_across_an_unpublished_year_end_is_provisional_until_the_year_is_published(county):
    result = due(at("2026-12-28"), Budget(5), county)
    assert (result.due_on, result.provisional) == (on("2027-01-05"), True)
    published = WorkCalendar(county.published | {2027}, {**county.special, on("2027-01-01"): ("holiday", "元旦")})
    assert due(at("2026-12-28"), Budget(5), published).provisional is False


@pytest.mark.parametrize(
    ("start", "budget", "provisional"),
    [
        ("2026-12-21", "5wd", False),  # Monday 28 December: no notice has ever reached so far back
        ("2026-12-22", "5wd", True),  # the 29th, which the notice for 2019 ordered
        ("2026-12-28", "3wd", True),  # the 31st
        ("2026-12-01", "28cd", True),
        ("2026-12-01", "27cd", False),
        ("2025-12-29", "2wd", False),  # 2026 is published
        ("2026-12-29", "1wh", True),
    ],
)
def test_the_last_days_of_december_wait_for_the_notice_of_the_next_year(county, start, budget, provisional):
    """The notice of December 2018 made Saturday 2018-12-29 a working day and the 31st a holiday."""
    assert due(at(start), Budget.parse(budget), county).provisional is provisional


class TestTrap1TheMomentOfAcceptance:
    """Only the day matters: not the hour, not whether some hall was open."""

    @pytest.mark.parametrize(
        ("start", "expected"),
        [
            ("2026-03-06T17:29:00", "2026-03-09"),  # a Friday just before closing
            ("2026-03-06T23:59:59", "2026-03-09"),  # the same Friday at night
            ("2026-03-07T00:00:00", "2026-03-09"),  # a second later it is Saturday, and nothing changes
            ("2026-02-14T11:00:00", "2026-02-24"),  # a make-up Saturday, eve of the Spring Festival
            ("2025-09-30T17:29:00", "2025-10-09"),  # the eve of an eight-day holiday
            ("2026-02-17T03:00:00", "2026-02-24"),  # online, at night, on a holiday
            ("2026-03-08T09:00:00", "2026-03-09"),  # a market Sunday: the hall is open, the law's week is not
        ],
    )
    def test_one_working_day_ends_on_the_next_legal_working_day(self, county, start, expected):
        assert due(at(start), Budget(1), county).due_on == on(expected)


class TestTrap2DueTodayIsNotOverdue:
    def test_the_last_second_of_the_due_day_is_in_time_and_the_next_one_is_not(self, county):
        result = due(at("2026-03-02"), Budget(1), county)
        assert not result.is_over(at("2026-03-03T00:00:00"))
        assert not result.is_over(at("2026-03-03T23:59:59"))
        assert result.is_over(at("2026-03-04T00:00:00"))

    def test_the_days_left_on_the_due_day_are_zero_and_then_negative(self, county):
        days = {day: remaining(at("2026-03-02"), at(day), Budget(3), county) for day in ("2026-03-05", "2026-03-06")}
        assert days == {"2026-03-05": 0, "2026-03-06": -1}


class TestTrap8Pauses:
    def test_trap_8_a_pause_across_a_weekend_adds_nothing(self, county):
        weekend = Pause(on("2026-03-06"), on("2026-03-08"))
        assert due(at("2026-03-02"), Budget(10), county, [weekend]).due_on == on("2026-03-16")

    def test_a_pause_over_a_holiday_adds_only_its_working_days(self, county):
        holiday = Pause(on("2026-02-13"), on("2026-02-24"))  # Sat 14 works, 15 to 23 is off, Tue 24 works
        plain = due(at("2026-02-12"), Budget(5), county).due_on
        assert due(at("2026-02-12"), Budget(5), county, [holiday]).due_on == county.shift_working(plain, 2)

    def test_trap_8_a_pause_longer_than_its_granted_days_counts_again_behind_them(self, county):
        overlong = Pause(on("2026-03-05"), on("2026-03-25"), granted_until=on("2026-03-11"))
        assert due(at("2026-03-02"), Budget(10), county, [overlong]).due_on == on("2026-03-20")

    def test_a_pause_that_ends_early_gives_back_its_unused_days(self, county):
        early = Pause(on("2026-03-05"), on("2026-03-09"), granted_until=on("2026-03-11"))
        assert due(at("2026-03-02"), Budget(10), county, [early]).due_on == on("2026-03-18")

    def test_overlapping_pauses_are_not_counted_twice(self, county):
        twice = [MARCH_PAUSE, Pause(on("2026-03-03"), on("2026-03-09")), Pause(on("2026-03-06"), on("2026-03-06"))]
        once = [Pause(on("2026-03-03"), on("2026-03-11"))]
        assert due(at("2026-03-02"), Budget(10), county, twice) == due(at("2026-03-02"), Budget(10), county, once)

    def test_trap_8_pause_then_extend_then_cancel_the_extension_ends_where_the_pause_alone_does(self, county):
        paused = due(at("2026-03-02"), Budget(10), county, [MARCH_PAUSE])
        extended = due(at("2026-03-02"), Budget(10), county, [MARCH_PAUSE], [Budget(5)])
        assert extended.due_on == county.shift_working(paused.due_on, 5)
        assert due(at("2026-03-02"), Budget(10), county, [MARCH_PAUSE], []) == paused

    def test_an_extension_counts_behind_a_pause_that_falls_into_it(self, county):
        late = Pause(on("2026-03-17"), on("2026-03-19"))  # behind the base, within the extension
        assert due(at("2026-03-02"), Budget(10), county, [late], [Budget(5)]).due_on == on("2026-03-25")

    def test_while_a_pause_runs_there_is_no_due_date_and_the_days_left_stand_still(self, county):
        running = [Pause(on("2026-03-05"))]
        assert due(at("2026-03-02"), Budget(10), county, running).due_at is None
        left = {
            remaining(at("2026-03-02"), at(f"2026-03-{day:02}"), Budget(10), county, running) for day in range(5, 31)
        }
        assert left == {7}
        assert used(at("2026-03-02"), at("2026-03-30"), county, running) == 3
        assert warn_from(2, at("2026-03-02"), Budget(10), county, running) is None

    def test_a_running_pause_counts_again_when_its_granted_days_are_over(self, county):
        running = [Pause(on("2026-03-05"), granted_until=on("2026-03-11"))]
        standing = due(at("2026-03-02"), Budget(10), county, running, moment=at("2026-03-11T23:00"))
        assert (standing.due_on, standing.counts_again_on) == (None, on("2026-03-12"))
        assert due(at("2026-03-02"), Budget(10), county, running).due_on is None, "no present: taken to be running"
        assert due(at("2026-03-02"), Budget(10), county, running, moment=at("2026-03-12")).due_on == on("2026-03-20")
        assert used(at("2026-03-02"), at("2026-03-13"), county, running) == 5

    def test_a_pause_without_granted_days_never_counts_again_by_itself(self, county):
        both = [Pause(on("2026-03-05"), granted_until=on("2026-03-11")), Pause(on("2026-03-06"))]
        for day in ("2026-03-10", "2026-06-01"):
            assert due(at("2026-03-02"), Budget(10), county, both, moment=at(day)).counts_again_on is None

    def test_a_limit_paused_on_its_last_day_is_not_over_while_it_stands_nor_when_it_is_resumed(self, county):
        """Else a case suspended in time would come back overdue, although suspension started in time."""
        running = [Pause(on("2026-03-16"))]
        assert due(at("2026-03-02"), Budget(10), county, running).due_on is None
        resumed = [Pause(on("2026-03-16"), on("2026-03-19"))]
        assert due(at("2026-03-02"), Budget(10), county, resumed).due_on == on("2026-03-19")
        on_sunday = [Pause(on("2026-03-16"), on("2026-03-22"))]
        assert due(at("2026-03-02"), Budget(10), county, on_sunday).due_on == on("2026-03-23")

    def test_a_pause_behind_the_due_day_rescues_nothing(self, county):
        late = [Pause(on("2026-03-17"))]
        assert due(at("2026-03-02"), Budget(10), county, late).due_on == on("2026-03-16")

    def test_a_pause_before_the_start_takes_only_the_days_behind_the_start(self, county):
        early = [Pause(on("2026-02-24"), on("2026-03-04"))]
        assert due(at("2026-03-02"), Budget(10), county, early).due_on == on("2026-03-18")

    def test_a_pause_cannot_end_before_it_starts(self):
        with pytest.raises(Invalid, match="pause_ends_before_it_starts"):
            Pause(on("2026-03-05"), on("2026-03-04"))


class TestTrap10AMissingYearIsNeverAYearWithoutHolidays:
    def test_the_caller_sees_that_the_year_of_the_act_is_missing(self, county):
        assert county.is_published(2026)
        assert not county.is_published(2027)

    def test_the_statutory_days_with_fixed_dates_still_hold_and_the_date_is_provisional(self):
        result = due(at("2026-09-30"), Budget(5), NO_CALENDAR)
        assert (result.due_on, result.provisional) == (on("2026-10-09"), True)

    def test_a_calendar_period_is_provisional_only_when_its_last_day_is_unknown(self, county):
        assert due(at("2026-12-01"), Budget(60, Unit.CALENDAR_DAY), county).provisional
        assert not due(at("2026-11-01"), Budget(30, Unit.CALENDAR_DAY), county).provisional
        gap = WorkCalendar(frozenset({2025, 2027}), {})
        assert not due(at("2025-03-03"), Budget(2, Unit.YEAR), gap).provisional, "only the end leans on a calendar"
        assert due(at("2025-03-03"), Budget(500), gap).provisional, "working days lean on every year"
        in_hours = due(at("2026-12-31"), Budget(8, Unit.WORKING_HOUR), gap)
        assert in_hours.due_on is not None
        assert (in_hours.due_on.year, in_hours.provisional) == (2027, True), "hours lean on the day of the event too"

    def test_a_calendar_period_whose_end_may_yet_become_a_working_day_is_provisional(self):
        calendar = WorkCalendar(frozenset({2029}), {on("2029-01-01"): ("holiday", "元旦")})
        result = due(at("2028-12-20"), Budget(10, Unit.CALENDAR_DAY), calendar)  # Saturday 2028-12-30
        assert (result.due_on, result.provisional) == (on("2029-01-02"), True)

    def test_the_year_of_the_event_alone_does_not_make_a_date_provisional(self, county):
        result = due(at("2017-12-31"), Budget(1), county)
        assert (result.due_on, result.provisional) == (on("2018-01-02"), False)


class TestTrap21Midnight:
    def test_a_moment_in_utc_has_its_day_in_shanghai(self, county):
        # 16:30 UTC on Thursday is 00:30 on Friday in Shanghai.
        utc = datetime(2026, 3, 5, 16, 30, tzinfo=UTC)
        assert due(utc, Budget(1), county) == due(at("2026-03-06T00:30"), Budget(1), county)
        assert used(at("2026-03-02"), utc, county) == 4
        assert remaining(utc, utc + timedelta(days=3), Budget(1), county) == 0

    def test_the_year_turns_at_midnight_in_shanghai(self, county):
        new_year = datetime(2025, 12, 31, 16, 0, tzinfo=UTC)
        assert due(new_year, Budget(1), county).due_on == on("2026-01-04")  # a make-up Sunday

    def test_a_moment_without_a_time_zone_is_refused(self, county):
        naive = datetime(2026, 3, 5, 10, 0)
        for call in (
            lambda: due(naive, Budget(1), county),
            lambda: used(at("2026-03-02"), naive, county),
            lambda: remaining(naive, at("2026-03-02"), Budget(1), county),
        ):
            with pytest.raises(TypeError):
                call()


class TestZeroWorkingDays:
    @pytest.mark.parametrize(
        ("start", "expected"),
        [("2026-03-02", "2026-03-02"), ("2026-03-07", "2026-03-09"), ("2026-02-14", "2026-02-14")],
    )
    def test_zero_days_end_with_that_day_or_the_next_working_day(self, county, start, expected):
        assert due(at(start), Budget(0), county).due_on == on(expected)

    def test_an_immediate_limit_warns_at_once(self, county):
        assert warn_from(1, at("2026-03-02"), Budget(0), county) == at("2026-03-02")

    def test_a_pause_on_that_day_holds_it(self, county):
        assert due(at("2026-03-02"), Budget(0), county, [MARCH_PAUSE]).due_on == on("2026-03-02")
        same_day = Pause(on("2026-03-02"), on("2026-03-04"))
        assert due(at("2026-03-02"), Budget(0), county, [same_day]).due_on == on("2026-03-04")


class TestBeforeTheStart:
    def test_nothing_is_used_and_everything_is_left(self, county):
        assert used(at("2026-03-06"), at("2026-03-02"), county) == 0
        assert remaining(at("2026-03-06"), at("2026-03-02"), Budget(5), county) == 5


class TestCalendarPeriods:
    """民法典 §201 to §203: not in working days, unless the law says so."""

    @pytest.mark.parametrize(
        ("start", "budget", "expected"),
        [
            ("2026-03-02", "7cd", "2026-03-09"),
            ("2026-03-02", "5cd", "2026-03-09"),  # ends on a Saturday, moves to Monday
            ("2026-02-10", "7cd", "2026-02-24"),  # ends inside the Spring Festival
            ("2026-02-07", "7cd", "2026-02-14"),  # ends on a make-up Saturday, which is a working day
            ("2026-01-31", "1mo", "2026-02-28"),  # no 31 February; a make-up Saturday
            ("2026-01-15", "1mo", "2026-02-24"),  # the 15th is a holiday
            ("2025-03-03", "1y", "2026-03-03"),
            ("2024-02-29", "1y", "2025-02-28"),
        ],
    )
    def test_they_end_on_the_corresponding_day_or_the_next_working_day(self, county, start, budget, expected):
        assert due(at(start), Budget.parse(budget), county).due_on == on(expected)

    def test_a_pause_shifts_them_by_its_calendar_days(self, county):
        assert due(at("2026-03-02"), Budget.parse("7cd"), county, [MARCH_PAUSE]).due_on == on(
            "2026-03-16"
        )  # from 15, Sunday
        assert due(at("2026-03-02"), Budget.parse("1mo"), county, [MARCH_PAUSE]).due_on == on("2026-04-08")

    def test_months_of_base_and_extension_add_up_before_the_day_is_looked_up(self, county):
        month = Budget(1, Unit.MONTH)
        assert due(at("2025-01-31"), month, county, (), [month]).due_on == on("2025-03-31")

    def test_an_extension_in_another_unit_follows_the_base(self, county):
        assert due(at("2026-03-02"), Budget(5), county, (), [Budget(7, Unit.CALENDAR_DAY)]).due_on == on("2026-03-16")

    def test_an_extension_in_another_unit_begins_where_the_base_really_ended(self, county):
        week = Budget(5, Unit.CALENDAR_DAY)  # Saturday 7 March, moved to Monday 9
        assert due(at("2026-03-02"), week, county, (), [Budget(1)]).due_on == on("2026-03-10")
        assert due(at("2026-03-02"), week, county, (), [Budget(0)]).due_on == on("2026-03-09")

    def test_working_days_granted_behind_a_month_begin_where_the_month_really_ended(self, county):
        month = Budget(1, Unit.MONTH)
        assert due(at("2026-02-07"), month, county).due_on == on("2026-03-09")  # 7 March is a Saturday
        assert due(at("2026-02-07"), month, county, (), [Budget(5)]).due_on == on("2026-03-16")
        assert due(at("2026-03-02"), month, county, (), [Budget(5)]).due_on == on("2026-04-10")  # behind 清明
        assert due(at("2026-01-31"), month, county, (), [Budget(1), month]).due_on == on("2026-04-02")

    def test_a_month_that_is_paused_and_then_extended_counts_both(self, county):
        month = Budget(1, Unit.MONTH)
        ends = due(at("2026-03-02"), month, county, [MARCH_PAUSE], [Budget(2)]).due_on
        assert ends == on("2026-04-10")  # 2 April, 6 calendar days later, then 9 and 10 April

    def test_their_days_left_are_counted_in_working_days(self, county):
        week = Budget(7, Unit.CALENDAR_DAY)  # until Monday 9 March
        assert [remaining(at("2026-03-02"), at(f"2026-03-{d:02}"), week, county) for d in (2, 6, 8, 9, 10)] == [
            5,
            1,
            1,
            0,
            -1,
        ]
