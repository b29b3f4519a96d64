"""A count that is written once a day and run all day long is the count that would be written now."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from halls.domain.worktime import SHANGHAI
from supervision.figures import Present
from supervision.selectors import waiting, written
from supervision.selectors.dashboard import card_counts, counts
from supervision.selectors.figure_group import counts_of
from supervision.selectors.figure_groups import GROUPS
from supervision.selectors.scope import SCOPES, Scope, scope_of, scopes_of
from supervision.selectors.waiting import menu_counts
from tests.supervision.county import at

pytestmark = pytest.mark.django_db
MOMENTS = [datetime(2026, 3, 12, *hour, 271828, tzinfo=SHANGHAI) for hour in ((0, 0, 0), (8, 59, 7), (23, 59, 59))]


@pytest.fixture
def texts(monkeypatch):
    """What is written, as it is written: [(statement, parameters)]."""
    found = []

    def note(key, now, write):
        with CaptureQueriesContext(connection) as asked:
            one = write(now)
        assert asked.captured_queries == []  # what it reads now would be wrong for the rest of the day
        found.append((one.sql, [given - now if written.moves(given) else given for given in one.params]))
        return dict.fromkeys(one.names, 0)

    for user in ("waiting", "figure_group", "dashboard"):
        monkeypatch.setattr(f"supervision.selectors.{user}.counted", note)
    return found


def test_within_a_day_nothing_but_the_moment_changes(busy, texts):
    for who in busy.people:
        actor = busy.actor(who)
        for key in scopes_of(actor):
            for month in (None, date(2026, 2, 1)):
                texts.clear()
                for moment in MOMENTS:
                    counts_of(GROUPS, Scope(key, actor), Present.at(moment, month))
                assert texts[0] == texts[1] == texts[2]
        for count in (menu_counts, of_today(counts), of_today(card_counts)):
            texts.clear()
            for moment in MOMENTS:
                count(actor, moment)
            assert texts[0] == texts[1] == texts[2]


def of_today(count):
    return lambda actor, moment: count(actor, Present.at(moment))


def test_a_second_reader_of_the_day_counts_what_is_there_now(busy):
    """Before and after the first of two limits of the day runs out, and after a case came in."""
    actor = busy.actor("supervisor")
    present = Present.at(datetime(2026, 3, 12, 10, tzinfo=SHANGHAI))
    first = counts_of(GROUPS, Scope("watch", actor), present)
    at("2026-03-12 10:30")
    busy.accepted(busy.matter())
    later = Present.at(datetime(2026, 3, 12, 11, tzinfo=SHANGHAI))
    assert counts_of(GROUPS, Scope("watch", actor), later)["open"] == first["open"] + 1
    month_on = Present.at(datetime(2026, 4, 12, 11, tzinfo=SHANGHAI))
    assert counts_of(GROUPS, Scope("watch", actor), month_on)["open"] == first["open"] + 1
    assert counts_of(GROUPS, Scope("watch", actor), month_on)["red"] > first["red"]


def test_whoever_gets_or_loses_a_duty_is_another_reader(busy):
    actor = busy.actor("supervisor")
    watching = {key: Scope(key, actor).asked for key in SCOPES}
    assert len(set(watching.values())) == len(SCOPES)
    assert actor.key != actor.at_work.key
    assert menu_counts(actor, MOMENTS[1])["supervision"] >= menu_counts(actor.at_work, MOMENTS[1])["supervision"] == 0


def test_it_is_written_once(busy):
    written.forget_written()
    for moment in MOMENTS:
        waiting.menu_counts(busy.actor("supervisor"), moment)
    assert written._kept.cache_info().misses == 1


def test_what_hardly_anybody_asks_twice_is_not_kept(busy):
    written.forget_written()
    scope = scope_of(busy.actor("supervisor"), asked={"hall": busy.townships[0].code})
    counts_of(GROUPS, scope, Present.at(MOMENTS[1]))
    counts_of(GROUPS, Scope("watch", scope.actor), Present.at(MOMENTS[1], date(2026, 2, 1)))
    assert written._kept.cache_info().currsize == 0
