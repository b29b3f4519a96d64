"""Days at the edge of what can be reckoned: typed into any form or address, they get an answer, never a fault."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from halls.domain.calendar import FIRST_YEAR, LAST_YEAR
from halls.domain.duties import PostKind
from halls.models import User
from tests.factories.halls import person_in_post
from tests.supervision.county import at
from tests.supervision.test_default_pages import form
from tests.supervision.test_defaults import renewal_matter

pytestmark = pytest.mark.django_db
EDGES = (date.min, date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31), date(9999, 12, 30), date.max)


@pytest.fixture
def visitor(county):
    person_in_post(PostKind.SUPERVISOR, county.hall)
    client = Client()
    client.force_login(User.objects.get(pk=county.people["supervisor"].pk))
    return client


@pytest.mark.parametrize("edge", EDGES, ids=str)
@pytest.mark.parametrize("end", ["since", "until"])
def test_a_trial_says_which_years_it_can_reckon(visitor, county, edge, end):
    asked = {"preset": "default", "since": "2026-02-01", "until": "2026-03-31"} | {end: edge.isoformat()}
    answer = visitor.get(reverse("supervision_rule_trial"), asked)
    assert answer.status_code == 422
    assert f"{FIRST_YEAR + 1} 至 {LAST_YEAR - 1} 年" in answer.content.decode()
    with pytest.raises(CommandError, match="至"):
        call_command("try_rules", "--preset", "default", "--from", asked["since"], "--to", asked["until"])


def test_the_numbers_of_a_trial_are_read_in_fours(visitor, county):
    case = county.accepted(county.matter(promised=3))
    at("2026-03-20 10:00")
    asked = {"preset": "enshi", "since": "2026-02-01", "until": "2026-03-31"}
    shown = visitor.get(reverse("supervision_rule_trial"), asked)
    assert shown.context["rows"][0]["number"] == case.display_number


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_a_set_of_rules_is_not_proposed_for_a_day_beyond_reason(visitor, county, edge):
    preset = reverse("supervision_rule_preset", args=["enshi"])
    begins = {"effective_on": edge.isoformat(), "reason": "试"}
    assert visitor.post(preset, begins).status_code == 422
    ends = {"effective_on": "2026-04-01", "ended_on": edge.isoformat(), "reason": "试"}
    assert visitor.post(preset, ends).status_code in (302, 422)


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_a_timeout_default_of_any_day_is_answered(visitor, county, edge):
    page = f"{reverse('defaults_propose')}?matter={renewal_matter(county).code}"
    for typed in ({"effective_on": edge.isoformat()}, {"ended_on": edge.isoformat()}):
        assert visitor.post(page, form(limit="renewal", policy="deemed_renew", **typed)).status_code in (302, 422)
    assert visitor.get(reverse("defaults")).status_code == 200


@pytest.mark.parametrize(
    "cursor",
    ["0001-01-01T00:00:00+23:59~1", "9999-12-31T23:59:59-23:59~1", "9999-12-31~1", f"~{9 * 10**18}", "²~1"],
)
@pytest.mark.parametrize("page", ["case_list", "supervision_cases", "supervision_warnings", "messages", "bulletins"])
def test_a_page_behind_the_edge_of_time_is_a_page(visitor, county, cursor, page):
    assert visitor.get(reverse(page), {"after": cursor}).status_code == 200


@pytest.mark.parametrize("edge", [date.min, date(9999, 12, 1), date.max], ids=str)
def test_no_figure_ledger_or_bulletin_is_asked_of_a_month_or_day_beyond_every_record(visitor, county, edge):
    rows = reverse("api_figure_rows", args=["received_month"])
    assert visitor.get(rows, {"day": edge.isoformat()}).status_code in (400, 422)
    for more in ({}, {"format": "xlsx"}):
        asked = {"month": f"{edge:%Y}-{edge:%m}".zfill(7), **more}
        assert visitor.get(reverse("ledger"), asked).status_code in (400, 422)
    assert visitor.get(reverse("callbacks"), {"week": edge.isoformat()}).status_code in (400, 422)
    monday = date.fromordinal(edge.toordinal() - edge.weekday()) if edge > date.min else edge
    for kind, first in (("month", edge.replace(day=1)), ("week", monday)):
        answer = visitor.post(reverse("bulletin_draft"), {"kind": kind, "first": first.isoformat()})
        assert answer.status_code in (400, 422), kind
