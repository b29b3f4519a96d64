"""When warnings and cards are reached: the published rules of the provinces, and the traps."""

from datetime import date, datetime, timedelta

import pytest

from halls.domain.budget import Budget, Unit
from halls.domain.worktime import SHANGHAI, Pause, due, over_from, percent_from, start_of, warn_from, warn_hours

MARCH_PAUSE = Pause(date(2026, 3, 5), date(2026, 3, 11))
TEN = Budget(10)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text if "T" in text else f"{text}T10:00").replace(tzinfo=SHANGHAI)


def on(text: str) -> date:
    return date.fromisoformat(text)


def hours(amount: int) -> Budget:
    return Budget(amount, Unit.WORKING_HOUR)


def end_of(text: str) -> datetime:
    return at(f"{text}T23:59:59")


class TestWarnings:
    @pytest.mark.parametrize(
        ("left", "expected"), [(0, "2026-03-16"), (1, "2026-03-13"), (2, "2026-03-12"), (9, "2026-03-03")]
    )
    def test_a_warning_begins_with_the_first_day_on_which_no_more_than_so_many_are_left(self, county, left, expected):
        assert warn_from(left, at("2026-03-02"), TEN, county) == start_of(on(expected))

    def test_days_of_a_pause_are_not_days_left(self, county):
        assert warn_from(6, at("2026-03-02"), TEN, county, [MARCH_PAUSE]) == start_of(on("2026-03-12"))
        assert warn_from(7, at("2026-03-02"), TEN, county, [MARCH_PAUSE]) == start_of(on("2026-03-05"))

    def test_of_a_limit_in_hours_a_day_left_is_its_office_hours(self, county):
        assert warn_from(1, at("2026-03-05T10:00"), hours(14), county) == at("2026-03-06T10:00")


class TestTwoWorkingHoursLeft:
    """T3 of an immediate case warns two working hours before its end, whatever the unit of the limit."""

    @pytest.mark.parametrize(
        ("start", "budget", "expected"),
        [
            ("2026-03-05T10:00", "4wh", "2026-03-05T12:00"),
            ("2026-03-05T11:00", "4wh", "2026-03-05T15:00"),
            ("2026-03-06T16:30", "4wh", "2026-03-09T09:30"),
            ("2026-03-06T17:29", "7wh", "2026-03-09T15:29"),
            ("2026-03-05T10:00", "1wd", "2026-03-06T15:30"),
            ("2026-02-13T10:00", "2wd", "2026-02-24T15:30"),
            ("2026-03-02T10:00", "5cd", "2026-03-09T15:30"),  # Saturday moves to Monday
            ("2026-03-05T10:00", "0wd", "2026-03-05T15:30"),  # done at once: today before the office closes
            ("2026-03-07T10:00", "0wd", "2026-03-09T15:30"),
        ],
    )
    def test_it_begins_when_no_more_than_two_are_left(self, county, start, budget, expected):
        assert warn_hours(2, at(start), Budget.parse(budget), county) == at(expected)

    def test_pauses_and_extensions_move_it_as_they_move_the_end(self, county):
        assert warn_hours(2, at("2026-03-02"), TEN, county, [MARCH_PAUSE]) == at("2026-03-20T15:30")
        assert warn_hours(2, at("2026-03-02"), TEN, county, (), [Budget(1)]) == at("2026-03-17T15:30")
        assert warn_hours(2, at("2026-03-02"), TEN, county, (), [hours(3)]) == at("2026-03-17T09:30")
        assert warn_hours(2, at("2026-03-02"), TEN, county, [Pause(on("2026-03-05"))]) is None


class TestTrap3AShortLimitDoesNotBeginInItsWarning:
    @pytest.mark.parametrize("left", [1, 2, 10])
    def test_a_limit_of_one_day_warns_on_that_day_and_not_when_it_starts(self, county, left):
        assert warn_from(left, at("2026-03-06"), Budget(1), county) == at("2026-03-09T00:00")
        assert warn_hours(left * 7, at("2026-03-06"), Budget(1), county) == at("2026-03-09T08:30")

    def test_a_limit_of_two_days_with_two_left_warns_on_its_first_counted_day(self, county):
        assert warn_from(2, at("2026-03-06"), Budget(2), county) == at("2026-03-09T00:00")

    @pytest.mark.parametrize(
        ("budget", "expected"),
        [
            ("4wh", "11:00"),  # four hours and a day's warning: the first hour is without it
            ("3wh", "11:00"),
            ("2wh", "11:00"),
            ("1wh", "10:30"),  # a single hour: its first half
            ("0wh", "10:00"),  # nothing else is possible
        ],
    )
    def test_a_limit_of_hours_has_a_while_without_warning(self, county, budget, expected):
        start = at("2026-03-05T10:00")
        assert warn_from(1, start, Budget.parse(budget), county) == at(f"2026-03-05T{expected}")
        assert warn_hours(8, start, Budget.parse(budget), county) == at(f"2026-03-05T{expected}")

    @pytest.mark.parametrize(
        ("start", "expected"), [("16:30", "17:00"), ("17:10", "17:20"), ("17:30", "17:30"), ("20:00", "20:00")]
    )
    def test_what_is_due_today_and_begins_late_warns_in_the_middle_of_what_is_left(self, county, start, expected):
        assert warn_hours(2, at(f"2026-03-05T{start}"), Budget(0), county) == at(f"2026-03-05T{expected}")


class TestHunan:
    """The worked example of the province's own rules, in days.

    Its moments are 10:00, the hour of the event, at which a whole day more is used; here days are whole, so each of
    its moments on a day is the end of that day, and a warning begins with the next working day.
    """

    ACCEPTED = at("2018-10-15T10:00")

    @pytest.mark.parametrize(
        ("pauses", "warned", "yellow", "red"),
        [
            ((), "2018-10-22", "2018-10-24", "2018-10-29"),  # behind 19, 24 and 29 October
            ((Pause(on("2018-10-16"), on("2018-10-19")),), "2018-10-25", "2018-10-29", "2018-11-01"),  # 3 days later
        ],
    )
    def test_promised_seven_days_of_ten(self, county, pauses, warned, yellow, red):
        promised, statutory = Budget(7), Budget(10)
        assert warn_from(2, self.ACCEPTED, promised, county, pauses) == start_of(on(warned))
        assert over_from(Budget(0), self.ACCEPTED, promised, county, pauses) == end_of(yellow)
        assert due(self.ACCEPTED, statutory, county, pauses).due_at == end_of(red)

    def test_a_special_procedure_of_seven_days(self, county):
        facts = self.ACCEPTED, Budget(7), county
        assert warn_from(2, *facts) == start_of(on("2018-10-22"))  # behind 19 October
        assert over_from(Budget(0), *facts) == end_of("2018-10-24")
        assert over_from(Budget(1), *facts) == end_of("2018-10-25")

    def test_an_online_pre_acceptance_of_two_days(self, county):
        facts = self.ACCEPTED, Budget(2), county
        assert over_from(Budget(0), *facts) == end_of("2018-10-17")
        assert over_from(Budget(3), *facts) == end_of("2018-10-22")
        assert over_from(Budget(5), *facts) == end_of("2018-10-24")

    def test_an_electronic_licence_of_three_days(self, county):
        assert over_from(Budget(0), self.ACCEPTED, Budget(3), county) == end_of("2018-10-18")


class TestEnshi:
    """恩施: yellow behind 50 % of the promise, red behind 90 %, the default behind all of it."""

    @pytest.mark.parametrize(
        ("days", "yellow", "red"),
        [
            (20, "2026-03-16T23:59:59", "2026-03-26T23:59:59"),  # whole days: the ends of day 10 and 18
            (15, "2026-03-12T12:00", "2026-03-20T12:00"),  # the middle of day 8 and 14
            (10, "2026-03-09T23:59:59", "2026-03-13T23:59:59"),
            (7, "2026-03-06T12:00", "2026-03-11T10:36"),  # 3.5 and 6.3 days: 2.1 of the 7 hours of day 7
            (5, "2026-03-05T12:00", "2026-03-09T12:00"),
            (3, "2026-03-04T12:00", "2026-03-05T15:24"),
            (2, "2026-03-03T23:59:59", "2026-03-04T16:06"),
            (1, "2026-03-03T12:00", "2026-03-03T16:48"),
        ],
    )
    def test_a_share_of_days_is_measured_in_office_time(self, county, days, yellow, red):
        facts = at("2026-03-02"), Budget(days), county
        assert percent_from(50, *facts) == at(yellow)
        assert percent_from(90, *facts) == at(red)
        assert percent_from(100, *facts) == due(*facts).due_at

    @pytest.mark.parametrize("accepted", ["2026-03-06T08:30", "2026-03-06T17:29", "2026-03-07T10:00"])
    @pytest.mark.parametrize(("percent", "reached"), [(1, "08:34:12"), (50, "12:00"), (90, "16:48"), (99, "17:25:48")])
    def test_of_one_day_nothing_is_used_over_the_weekend(self, county, accepted, percent, reached):
        assert percent_from(percent, at(accepted), Budget(1), county) == at(f"2026-03-09T{reached}")

    @pytest.mark.parametrize(
        ("budget", "expected"),
        [("5cd", "2026-03-05T12:00"), ("1mo", "2026-03-18T12:00")],  # 5 and 23 working days
    )
    def test_of_calendar_days_and_months_it_is_a_share_of_their_working_days(self, county, budget, expected):
        assert percent_from(50, at("2026-03-02"), Budget.parse(budget), county) == at(expected)

    @pytest.mark.parametrize(
        ("days", "start", "first", "last", "expected"),
        [
            (3, "2026-03-02", "2026-03-03", "2026-03-05", "2026-03-06T12:00"),  # behind day 1: day 2 is the 6th
            (3, "2026-03-02", "2026-03-04", "2026-03-10", "2026-03-10T12:00"),  # on day 2: it lasts to the 10th
            (3, "2026-03-02", "2026-03-04", "2026-03-08", "2026-03-08T23:59:59"),  # to a Sunday: to its end
            (1, "2026-03-06", "2026-03-06", "2026-03-10", "2026-03-11T12:00"),
            (1, "2026-03-06", "2026-03-09", "2026-03-11", "2026-03-11T12:00"),  # on the only day
            (1, "2026-03-06", "2026-03-09", "2026-03-15", "2026-03-15T23:59:59"),  # it ends on Monday: half of two
            (15, "2026-03-02", "2026-03-05", "2026-03-11", "2026-03-18T12:00"),
        ],
    )
    def test_paused_within_a_part_of_a_day_the_day_lasts_to_the_end_of_the_pause(
        self, county, days, start, first, last, expected
    ):
        facts = at(start), Budget(days), county, [Pause(on(first), on(last))]
        assert percent_from(50, *facts) == at(expected)
        last = due(*facts).due_at
        assert last is not None
        assert at(expected) < last

    def test_pauses_do_not_count_and_extensions_do(self, county):
        assert percent_from(50, at("2026-03-02"), TEN, county, [MARCH_PAUSE]) == end_of("2026-03-13")
        assert percent_from(50, at("2026-03-02"), TEN, county, (), [TEN]) == end_of("2026-03-16")
        assert percent_from(50, at("2026-03-02"), TEN, county, [Pause(on("2026-03-05"))]) is None

    def test_paused_on_the_day_of_the_share_it_is_not_exceeded_before_the_next_day_that_counts(self, county):
        procedure = [Pause(on("2026-03-09"), on("2026-03-12"))]  # day 5 of 10 is the 9th, day 6 the 13th
        assert percent_from(50, at("2026-03-02"), TEN, county, procedure) == end_of("2026-03-12")

    def test_a_share_of_hours_is_exact(self, county):
        facts = at("2026-03-05T10:00"), hours(4), county
        assert percent_from(50, *facts) == at("2026-03-05T12:00")
        assert percent_from(90, *facts) == at("2026-03-05T15:36")
        assert percent_from(100, *facts) == at("2026-03-05T16:00")
        assert percent_from(150, *facts) == at("2026-03-06T09:00")

    def test_what_is_due_at_once_has_no_share_before_its_end(self, county):
        facts = at("2026-03-05T10:00"), Budget(0), county
        assert percent_from(50, *facts) == percent_from(100, *facts) == due(*facts).due_at

    def test_twice_a_slice_is_two_hundred_percent(self, county):
        facts = at("2026-03-02"), Budget(3), county
        assert percent_from(200, *facts) == over_from(Budget(3), *facts) == end_of("2026-03-10")


class TestOverByMoreThanSoManyDays:
    @pytest.mark.parametrize(("more", "expected"), [(0, "2026-03-16"), (1, "2026-03-17"), (5, "2026-03-23")])
    def test_it_is_reached_behind_so_many_working_days(self, county, more, expected):
        assert over_from(Budget(more), at("2026-03-02"), TEN, county) == end_of(expected)

    def test_paused_on_its_last_day_over_a_weekend_the_days_run_from_where_it_really_ended(self, county):
        """Friday 13 is its ninth and last day; paused then, it ends on Monday: a day over is behind Tuesday."""
        weekend = [Pause(on("2026-03-13"), on("2026-03-15"))]
        facts = at("2026-03-02"), Budget(9), county, weekend
        assert due(*facts).due_on == on("2026-03-16")
        assert over_from(Budget(1), *facts) == end_of("2026-03-17")
        assert due(*facts, [Budget(1)]).due_on == on("2026-03-16"), "an extension adds up with the limit"

    def test_a_month_is_over_by_days_from_the_day_to_which_it_moved(self, county):
        facts = at("2026-02-07"), Budget(1, Unit.MONTH), county  # Saturday 7 March, moved to Monday
        assert over_from(Budget(3), *facts) == end_of("2026-03-12")

    def test_hours_over_run_from_the_last_office_time(self, county):
        assert over_from(hours(2), at("2026-03-05T10:00"), hours(4), county) == at("2026-03-06T09:00")
        assert over_from(hours(2), at("2026-03-05"), Budget(1), county) == at("2026-03-09T10:30")

    def test_days_over_of_a_limit_in_hours_are_whole_days(self, county):
        assert over_from(Budget(1), at("2026-03-05T10:00"), hours(4), county) == end_of("2026-03-06")

    def test_a_pause_behind_the_end_rescues_nothing_and_its_days_do_not_count(self, county):
        late = [Pause(on("2026-03-17"), on("2026-03-19"))]
        facts = at("2026-03-02"), TEN, county, late
        assert due(*facts).due_on == on("2026-03-16")
        assert over_from(Budget(1), *facts) == at("2026-03-17T23:59:59") + timedelta(days=2)
        assert over_from(Budget(2), *facts) == end_of("2026-03-20")
