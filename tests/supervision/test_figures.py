"""Every figure opens exactly the rows it counted: for every role, in every narrowing (trap 20)."""

import pytest

from applications.domain.lifecycle import Status
from applications.models import Application
from halls.acting import acting_user
from halls.models import User
from halls.selectors.work_calendar import read_moment
from supervision.actions.sweep import sweep
from supervision.figures import CARD_FIGURES, FIGURES, LIGHTS, Present
from supervision.selectors import dashboard, drill, group_cards, group_cases
from supervision.selectors.scope import scope_of
from supervision.selectors.supervised import NO_ORGAN, narrowings, supervised, supervised_cards
from tests.factories.tampering import unguarded

pytestmark = pytest.mark.django_db

ROLES = ("supervisor", "director0", "director1", "bureau_director")


def actor_of(county, role):
    return acting_user(User.objects.get(pk=county.people[role].pk))


def cases_of(actor, figure, present, asked=None):
    return group_cases.GROUP.rows_of(scope_of(actor, "watch", asked), figure, present)


def cards_of(actor, figure, present):
    group, scope = group_cards.GROUP, scope_of(actor, "watch")
    return group.rows_of(scope, figure, present) if figure else group.rows(scope)


@pytest.mark.parametrize("role", ROLES)
def test_every_figure_equals_its_rows(busy, role):
    sweep()
    actor, present = actor_of(busy, role), Present.at(read_moment().at)
    counted = dashboard.counts(actor, present)
    assert set(counted) == set(FIGURES)
    for key, figure in FIGURES.items():
        rows = cases_of(actor, figure, present)
        assert counted[key] == rows.count() == len({case.pk for case in rows}), key
    cards = dashboard.card_counts(actor, present)
    for key, figure in CARD_FIGURES.items():
        assert cards[key] == cards_of(actor, figure, present).count(), key
    assert counted["open"] == sum(counted[light] for light in LIGHTS)
    assert counted["concluded_month"] == counted["on_time_month"] + counted["late_month"]


def test_the_busy_county_gives_every_figure_something_to_count(busy):
    """Otherwise the equalities would be those of nought with nought."""
    sweep_less = dashboard.counts(actor_of(busy, "supervisor"), Present.at(read_moment().at))
    empty = {key for key, number in sweep_less.items() if number == 0}
    assert not empty - {"none"}
    sweep()
    cards = dashboard.card_counts(actor_of(busy, "supervisor"), Present.at(read_moment().at))
    assert all(cards.values()), cards


@pytest.mark.parametrize("role", ROLES)
def test_every_cell_of_every_table_equals_its_rows(busy, role):
    actor, present = actor_of(busy, role), Present.at(read_moment().at)
    tables = dashboard.tables(actor, present)
    open_cases = dashboard.counts(actor, present)["open"]
    for lines in (tables.places, tables.organs, tables.matters):
        assert sum(line.total for line in lines) == open_cases
        for line in lines:
            narrowed = {line.key: line.code}
            for light in LIGHTS:
                rows = cases_of(actor, FIGURES[light], present, narrowed)
                assert line.counts[light] == rows.count(), (line.name, light)
            assert line.total == cases_of(actor, FIGURES["open"], present, narrowed).count()


def test_a_township_director_sees_the_villages_a_county_supervisor_the_townships(busy):
    present = Present.at(read_moment().at)
    county = dashboard.tables(actor_of(busy, "supervisor"), present)
    assert {line.code for line in county.places} >= {hall.code for hall in busy.townships}
    assert not county.is_by_village
    director = dashboard.tables(actor_of(busy, "director0"), present)
    assert {line.code for line in director.places} == {busy.villages[0].code}
    assert director.is_by_village


def test_a_station_counts_for_its_bureau_and_a_window_for_nobody(busy):
    present = Present.at(read_moment().at)
    lines = {line.code: line for line in dashboard.tables(actor_of(busy, "supervisor"), present).organs}
    assert busy.bureau.code in lines
    assert busy.station.code not in lines
    assert NO_ORGAN in lines
    moved = Application.objects.filter(seat_department=busy.bureau)[0]
    with unguarded("applications_application"):
        Application.objects.filter(pk=moved.pk).update(seat_department=busy.station, seat_path=busy.station.path)
    again = {line.code: line for line in dashboard.tables(actor_of(busy, "supervisor"), present).organs}
    assert again[busy.bureau.code].counts == lines[busy.bureau.code].counts


def test_nobody_watches_beyond_the_own_nodes(busy):
    everything = set(supervised(actor_of(busy, "supervisor")).values_list("pk", flat=True))
    east = set(supervised(actor_of(busy, "director0")).values_list("pk", flat=True))
    west = set(supervised(actor_of(busy, "director1")).values_list("pk", flat=True))
    assert east | west == everything
    assert not east & west
    bureau = set(supervised(actor_of(busy, "bureau_director")).values_list("pk", flat=True))
    assert bureau < everything
    assert not supervised(actor_of(busy, "window0")).exists()
    assert not supervised_cards(actor_of(busy, "clerk0")).exists()


def test_a_draft_is_nobody_s_figure(busy):
    assert not supervised(actor_of(busy, "supervisor")).filter(status=Status.DRAFT).exists()


def test_figures_of_the_month_leave_last_month_out(busy):
    present = Present.at(read_moment().at)
    supervisor = actor_of(busy, "supervisor")
    concluded = cases_of(supervisor, FIGURES["concluded_month"], present)
    assert concluded.count() == 4
    assert supervised(supervisor).filter(status=Status.DELIVERED).count() == 5
    late = cases_of(supervisor, FIGURES["late_month"], present)
    assert late.count() == 2
    assert all(case.decided_at and case.due_at and case.decided_at > case.due_at for case in late)


def test_pages_follow_each_other_without_gap_or_repeat(busy, monkeypatch):
    monkeypatch.setattr(drill, "PAGE", 3)
    sweep()
    actor, present = actor_of(busy, "supervisor"), Present.at(read_moment().at)
    for key in ("open", "red", "received_month", "none"):
        rows = cases_of(actor, FIGURES[key], present)
        seen, cursor = [], ""
        while True:
            page = drill.case_page(rows, FIGURES[key], cursor)
            assert page.total == (None if cursor else rows.count())
            seen += [case.pk for case in page.rows]
            cursor = page.next_cursor
            if not cursor:
                break
        assert len(seen) == len(set(seen)) == rows.count(), key
    cards = cards_of(actor, None, present)
    seen, cursor = [], ""
    while True:
        cards_page = drill.card_page(cards, cursor)
        seen += [card.pk for card in cards_page.rows]
        cursor = cards_page.next_cursor
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == cards.count() > 6


@pytest.mark.parametrize(
    "cursor", ["x", "~", "~x", "2026-13-40~5", "2026-01-01~5", "~" + "9" * 40, "\uff19~\uff19", "\0~1"]
)
def test_a_cursor_that_is_none_is_harmless(busy, cursor):
    actor, present = actor_of(busy, "supervisor"), Present.at(read_moment().at)
    assert drill.case_page(cases_of(actor, FIGURES["open"], present), FIGURES["open"], cursor).rows is not None
    assert drill.card_page(cards_of(actor, None, present), cursor).rows is not None


def test_the_numbers_cost_a_constant_number_of_statements(busy, django_assert_num_queries):
    actor, present = actor_of(busy, "supervisor"), Present.at(read_moment().at)
    with django_assert_num_queries(1):
        dashboard.counts(actor, present)
    with django_assert_num_queries(1):
        dashboard.card_counts(actor, present)
    with django_assert_num_queries(2):
        dashboard.tables(actor, present)
    with django_assert_num_queries(1):
        drill.case_page(cases_of(actor, FIGURES["open"], present), FIGURES["open"], "")
    with django_assert_num_queries(1):
        narrowings(
            {"hall": busy.townships[0].code, "department": busy.bureau.code, "matter": "nothing"} | {"matter": ""}
        )
