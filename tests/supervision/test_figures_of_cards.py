"""A number about cards, its link and the API show one and the same rows."""

import pytest
from django.test import Client
from django.urls import reverse

from halls.domain.worktime import SHANGHAI
from supervision.actions.appeal_card import appeal_card
from supervision.actions.propose_revocation import propose_revocation
from supervision.actions.review_card import review_card
from supervision.actions.tell import tell
from supervision.models import LimitWarning
from tests.supervision.cards import late_card, staffed
from tests.supervision.county import at

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


def test_a_card_of_the_last_second_of_a_month_names_the_month_in_which_it_is_counted(people):
    at("2026-03-24 10:00")
    card = late_card(people, moment="2026-04-01 00:01")  # over on 31 March, at the end of the day
    assert (card.effective_at.astimezone(SHANGHAI).month, card.recorded_at.astimezone(SHANGHAI).month) == (3, 4)
    client = visitor(people, "supervisor")
    address = reverse("supervision_card", args=[card.pk])
    page = client.get(address)
    named = [(one["month"], one["url"]) for one in page.context["figures"]]
    assert {month for month, _url in named} == {"2026年4月"}
    for _month, url in named:
        assert f'href="{address}"' in client.get(url).content.decode()


def test_what_waits_has_its_place_at_nought_and_an_appeal_is_one_card(people):
    client = visitor(people, "supervisor")

    def waiting():
        tiles = client.get(reverse("supervision")).context["waiting_tiles"]
        return {str(tile["label"]): tile["value"] for tile in tiles}

    nothing = waiting()
    assert len(nothing) == 8
    assert set(nothing.values()) == {0}
    card = late_card(people)
    tell()
    appeal_card(card.pk, actor=people.actor("approver0"), reason="系统停机，材料早已齐全")
    assert waiting() == nothing | {"待复核的红黄牌": 1}
    assert "等人处理" in client.get(reverse("supervision")).content.decode()


@pytest.mark.parametrize("figure", ["issued_month", "yellow_cards_month", "to_review"])
@pytest.mark.parametrize("who", ["supervisor", "director0", "director1", "bureau_director"])
def test_the_api_gives_the_rows_of_the_figure_and_none_of_the_own_body_beside_them(people, figure, who):
    people.accepted(people.bureau_matter(promised=3))
    late_card(people)
    client = visitor(people, who)
    page = client.get(f"{reverse('supervision_warnings')}?figure={figure}").context["rows"]
    listed = client.get(reverse("api_cards"), {"figure": figure}).json()["results"]
    assert len(listed) == len(page)
