"""The office hours of a working day, and limits that run in them: exact moments, minute by minute."""

from datetime import UTC, datetime, time, timedelta

import pytest

from halls.domain.budget import Budget, Unit
from halls.domain.calendar import WorkCalendar
from halls.domain.errors import Invalid
from halls.domain.office_hours import USUAL_HOURS, OfficeHours
from halls.domain.worktime import SHANGHAI, Pause, due, remaining, time_left, time_used, used

ONE_HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def hours(amount: int) -> Budget:
    return Budget(amount, Unit.WORKING_HOUR)


class TestTheDay:
    def test_the_usual_day_has_seven_hours(self):
        assert (USUAL_HOURS.opening, USUAL_HOURS.closing) == (time(8, 30), time(17, 30))
        assert USUAL_HOURS.total == 7 * ONE_HOUR

    @pytest.mark.parametrize(
        ("clock", "minutes", "next_open"),
        [
            ("00:00", 0, "08:30"),
            ("08:30", 0, "08:30"),
            ("08:31", 1, "08:31"),
            ("12:00", 210, "14:00"),
            ("13:00", 210, "14:00"),
            ("14:01", 211, "14:01"),
            ("17:30", 420, None),
            ("23:59", 420, None),
        ],
    )
    def test_what_has_been_worked_and_when_it_opens_next(self, clock, minutes, next_open):
        moment = time.fromisoformat(clock)
        assert USUAL_HOURS.worked(moment) == timedelta(minutes=minutes)
        assert USUAL_HOURS.next_open(moment) == (time.fromisoformat(next_open) if next_open else None)

    @pytest.mark.parametrize(
        ("minutes", "clock"), [(0, "08:30"), (1, "08:31"), (210, "12:00"), (211, "14:01"), (420, "17:30")]
    )
    def test_so_much_is_worked_at_the_end_of_a_span_and_not_at_the_next_opening(self, minutes, clock):
        assert USUAL_HOURS.when(timedelta(minutes=minutes)) == time.fromisoformat(clock)

    def test_a_day_has_no_more_than_its_hours(self):
        with pytest.raises(ValueError, match="no more office time"):
            USUAL_HOURS.when(timedelta(hours=7, seconds=1))

    @pytest.mark.parametrize(
        "spans",
        [
            (),
            ((time(12), time(8)),),
            ((time(8), time(8)),),
            ((time(8), time(12)), (time(11), time(17))),
            ((time(14), time(17)), (time(8), time(12))),
            ((time(8), time(12)), (time(12), time(17))),
        ],
    )
    def test_hours_that_overlap_touch_or_run_backwards_are_refused_with_the_cure(self, spans):
        with pytest.raises(Invalid, match="office_hours_not_in_order") as refusal:
            OfficeHours(spans)
        assert "08:30-12:00" in refusal.value.cure


class TestTrap1TheMomentOfTheEvent:
    """Of a limit in hours the minute matters: each start with its end after 1, 4 and 8 working hours."""

    @pytest.mark.parametrize(
        ("start", "one", "four", "eight"),
        [
            # a Friday, a minute before closing
            ("2026-03-06T17:29:00", "2026-03-09T09:29:00", "2026-03-09T14:29:00", "2026-03-10T09:29:00"),
            # at closing, and a second before it
            ("2026-03-06T17:30:00", "2026-03-09T09:30:00", "2026-03-09T14:30:00", "2026-03-10T09:30:00"),
            ("2026-03-06T17:29:59", "2026-03-09T09:29:59", "2026-03-09T14:29:59", "2026-03-10T09:29:59"),
            # at night, before and behind midnight
            ("2026-03-06T23:59:59", "2026-03-09T09:30:00", "2026-03-09T14:30:00", "2026-03-10T09:30:00"),
            ("2026-03-07T00:00:00", "2026-03-09T09:30:00", "2026-03-09T14:30:00", "2026-03-10T09:30:00"),
            ("2026-03-05T03:00:00", "2026-03-05T09:30:00", "2026-03-05T14:30:00", "2026-03-06T09:30:00"),
            # a make-up Saturday, the eve of the Spring Festival
            ("2026-02-14T11:00:00", "2026-02-14T12:00:00", "2026-02-14T17:00:00", "2026-02-24T12:00:00"),
            ("2026-02-14T17:29:00", "2026-02-24T09:29:00", "2026-02-24T14:29:00", "2026-02-25T09:29:00"),
            # the eve of an eight-day holiday; the Saturday behind it is worked
            ("2025-09-30T17:29:00", "2025-10-09T09:29:00", "2025-10-09T14:29:00", "2025-10-10T09:29:00"),
            # online on a holiday
            ("2026-02-17T10:00:00", "2026-02-24T09:30:00", "2026-02-24T14:30:00", "2026-02-25T09:30:00"),
            # a market Sunday: the hall is open, the office that must act is not
            ("2026-03-08T09:00:00", "2026-03-09T09:30:00", "2026-03-09T14:30:00", "2026-03-10T09:30:00"),
            # the noon break: at its beginning, within it, at its end
            ("2026-03-05T12:00:00", "2026-03-05T15:00:00", "2026-03-06T09:00:00", "2026-03-06T15:00:00"),
            ("2026-03-05T13:15:00", "2026-03-05T15:00:00", "2026-03-06T09:00:00", "2026-03-06T15:00:00"),
            ("2026-03-05T14:00:00", "2026-03-05T15:00:00", "2026-03-06T09:00:00", "2026-03-06T15:00:00"),
            # ends that fall on a closing stay there and do not slip to the next opening
            ("2026-03-05T11:00:00", "2026-03-05T12:00:00", "2026-03-05T17:00:00", "2026-03-06T12:00:00"),
            ("2026-03-05T08:30:00", "2026-03-05T09:30:00", "2026-03-05T14:30:00", "2026-03-06T09:30:00"),
        ],
    )
    def test_it_runs_from_the_moment_itself_or_the_next_opening(self, county, start, one, four, eight):
        ends = [due(at(start), hours(amount), county).due_at for amount in (1, 4, 8)]
        assert ends == [at(one), at(four), at(eight)]

    def test_a_moment_in_utc_is_a_moment_in_shanghai(self, county):
        utc = datetime(2026, 3, 5, 2, 0, 0, 250_000, tzinfo=UTC)  # 10:00:00.25 in Shanghai
        assert due(utc, hours(1), county).due_at == at("2026-03-05T11:00:00.250000")

    def test_a_moment_without_a_time_zone_is_refused(self, county):
        with pytest.raises(TypeError):
            due(datetime(2026, 3, 5, 10), hours(1), county)

    def test_no_hours_at_all_end_with_the_first_moment_the_office_is_open(self, county):
        for start, end in (
            ("2026-03-05T10:00", "2026-03-05T10:00"),
            ("2026-03-05T12:30", "2026-03-05T14:00"),
            ("2026-03-06T17:30", "2026-03-09T08:30"),
            ("2026-03-07T10:00", "2026-03-09T08:30"),
        ):
            assert due(at(start), hours(0), county).due_at == at(end)


class TestTrap2TheLastSecondIsInTime:
    def test_at_the_end_it_is_not_over_and_a_second_later_it_is(self, county):
        result = due(at("2026-03-05T10:00"), hours(4), county)
        assert result.due_at == at("2026-03-05T16:00")
        assert not result.is_over(at("2026-03-05T16:00"))
        assert result.is_over(at("2026-03-05T16:00:01"))

    def test_the_hours_left_count_down_to_zero_in_the_last_one_and_are_negative_behind_it(self, county):
        limit = at("2026-03-05T10:00"), hours(4), county
        left = {
            clock: remaining(limit[0], at(f"2026-03-05T{clock}"), *limit[1:])
            for clock in ("10:00", "10:01", "12:30", "15:00", "15:01", "16:00", "16:01", "20:00")
        }
        assert list(left.values()) == [4, 3, 2, 1, 0, 0, -1, -2]
        assert time_left(limit[0], at("2026-03-05T13:00"), *limit[1:]) == 2 * ONE_HOUR

    def test_an_hour_is_used_when_it_has_begun(self, county):
        start = at("2026-03-05T10:00")
        assert [
            used(start, at(f"2026-03-05T{clock}"), county, unit=Unit.WORKING_HOUR)
            for clock in ("09:00", "10:00", "10:01", "12:00", "13:59", "14:01")
        ] == [0, 0, 1, 2, 2, 3]
        assert time_used(start, at("2026-03-06T09:30"), county) == timedelta(hours=6, minutes=30)


class TestPausesInHours:
    """Special procedures are whole days: of the first one the hours count, of the last one they do not."""

    def test_the_hours_of_the_days_in_between_do_not_count(self, county):
        procedure = [Pause(at("2026-03-05T11:00").date(), at("2026-03-09T09:00").date())]
        assert due(at("2026-03-05T16:30"), hours(4), county, procedure).due_at == at("2026-03-10T11:30")

    def test_paused_on_its_last_day_it_ends_when_the_office_closes_on_the_day_of_resumption(self, county):
        procedure = [Pause(at("2026-03-05T11:00").date(), at("2026-03-09T09:00").date())]
        result = due(at("2026-03-05T10:00"), hours(4), county, procedure)
        assert result.due_at == at("2026-03-09T17:30")

    def test_while_it_stands_still_there_is_no_end_and_the_hours_left_stand_still_too(self, county):
        running = [Pause(at("2026-03-05T00:00").date())]
        limit = at("2026-03-05T16:30"), hours(4), county, running
        assert due(*limit).due_at is None
        left = {remaining(limit[0], at(f"2026-03-{day:02}T10:00"), *limit[1:]) for day in range(6, 20)}
        assert left == {3}

    def test_a_pause_over_a_weekend_adds_nothing(self, county):
        weekend = [Pause(at("2026-03-06T00:00").date(), at("2026-03-08T00:00").date())]
        start = at("2026-03-06T16:30")
        assert due(start, hours(4), county, weekend) == due(start, hours(4), county)


class TestMixedUnits:
    def test_hours_add_up_with_hours(self, county):
        assert due(at("2026-03-05T10:00"), hours(4), county, (), [hours(2)]).due_at == at("2026-03-06T09:00")

    def test_days_behind_hours_begin_with_the_next_working_day(self, county):
        assert due(at("2026-03-06T10:00"), hours(4), county, (), [Budget(1)]).due_at == at("2026-03-09T23:59:59")

    def test_hours_behind_days_begin_with_the_next_opening(self, county):
        assert due(at("2026-03-05T10:00"), Budget(1), county, (), [hours(2)]).due_at == at("2026-03-09T10:30")


def test_the_hours_are_those_of_the_county(county):
    summer = OfficeHours(((time(8), time(12)), (time(15), time(18))))
    calendar = WorkCalendar(county.published, county.special, hours=summer)
    assert due(at("2026-07-01T11:30"), hours(2), calendar).due_at == at("2026-07-01T16:30")
    assert due(at("2026-07-01T11:30"), Budget(2), calendar) == due(at("2026-07-01T11:30"), Budget(2), county)
