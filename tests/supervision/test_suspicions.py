"""疑点: the longest standstill is in the list however many came later, and a list that was cut says so."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from halls.selectors.work_calendar import read_moment
from supervision.selectors import suspicions as listing
from tests.supervision.county import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def standing(county):
    """Three cases that stand still since 2, 3 and 4 March, seen five weeks later."""
    cases = []
    for day in (2, 3, 4):
        at(f"2026-03-0{day} 10:00")
        cases.append(county.suspended(county.special_matter()))
    at("2026-04-07 10:00")
    return cases


def page(county):
    client = Client()
    client.force_login(county.people["supervisor"])
    return client.get(reverse("supervision_suspicions"))


def test_the_longest_standstill_is_found_behind_any_number_of_later_ones(county, standing, monkeypatch):
    monkeypatch.setattr(listing, "READ", 2)
    found = listing.standstills(county.actor("supervisor"), read_moment())
    assert [one.case.pk for one in found.rows] == [case.pk for case in standing[:2]]
    assert found.is_cut
    assert "只列出停表最久的" in page(county).content.decode()


def test_a_list_that_is_whole_says_nothing_of_others(county, standing):
    answer = page(county)
    assert [row["number"] for row in answer.context["standstills"]] == [case.display_number for case in standing]
    assert "只列出" not in answer.content.decode()


def test_what_is_shown_is_bounded_and_told(county, standing, monkeypatch):
    monkeypatch.setattr(listing, "SHOWN", 1)
    found = listing.standstills(county.actor("supervisor"), read_moment())
    assert ([one.case.pk for one in found.rows], found.is_cut) == ([standing[0].pk], True)


def test_not_every_event_is_read_for_what_was_cut_short(county) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM applications_event WHERE at >= now() - interval '90 days' AND"
            " (detail ? 'ended_early' AND verb = 'resume' OR detail ? 'skipped' AND verb = 'pass_on')"
        )
        plan: Any = "\n".join(line for (line,) in cursor.fetchall())
    assert "event_cut_short" in plan
