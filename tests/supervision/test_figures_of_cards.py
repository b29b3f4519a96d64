"""A number about cards, its link and the API show one and the same rows."""

import pytest
from django.test import Client
from django.urls import reverse

from supervision.actions.propose_revocation import propose_revocation
from supervision.actions.review_card import review_card
from supervision.models import LimitWarning
from tests.supervision.cards import late_card, staffed

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(county):
    return staffed(county)


def visitor(county, who):
    client = Client()
    client.force_login(county.people[who])
    return client


def test_a_revoked_warning_is_in_the_number_that_lists_it(people):
    card = late_card(people)
    warning = LimitWarning.objects.get(clock=card.clock, level="warning")
    asked = propose_revocation(warning.pk, actor=people.actor("supervisor"), reason="算错")
    review_card(asked.pk, actor=people.actor("second"), act="revoke", reason="同意")
    client = visitor(people, "supervisor")
    lines = client.get(reverse("supervision_cards_ranking")).context["lines"]
    cells = [cell for line in lines for cell in line["cells"]]
    assert sum(cell["value"] for cell in cells if "figure=revoked_month" in cell["url"]) == 1
    for cell in cells:
        assert len(client.get(cell["url"]).context["rows"]) == cell["value"], cell


@pytest.mark.parametrize("figure", ["issued_month", "yellow_cards_month", "to_review"])
@pytest.mark.parametrize("who", ["supervisor", "director0", "director1", "bureau_director"])
def test_the_api_gives_the_rows_of_the_figure_and_none_of_the_own_body_beside_them(people, figure, who):
    people.accepted(people.bureau_matter(promised=3))
    late_card(people)
    client = visitor(people, who)
    page = client.get(f"{reverse('supervision_warnings')}?figure={figure}").context["rows"]
    listed = client.get(reverse("api_cards"), {"figure": figure}).json()["results"]
    assert len(listed) == len(page)
