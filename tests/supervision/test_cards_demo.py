"""The demonstration has everybody whom a card by hand needs: they log in and walk it from the charge to the appeal."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from supervision.actions.tell import tell
from supervision.models import CardReview, LimitWarning
from supervision.models.card_review import life
from tests.factories.cases import a_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def logged_in(seeded, role):
    account, client = seeded.accounts[role], Client()
    answer = client.post("/login/", {"username": account["username"], "password": account["password"]})
    assert answer.status_code == 302, role
    return client


def test_three_supervisors_of_the_county_and_the_chief_of_the_body_walk_a_card_by_hand(seeded):
    case = a_case("accepted")
    first, second, third = (logged_in(seeded, role) for role in ("supervisor", "supervisor_b", "supervisor_c"))
    chief = logged_in(seeded, "township_approver")
    said = {
        "level": "red", "body": case.accept_path, "fault": "no_reasons", "citation": "《行政许可法》第三十八条",
        "facts": "没有写明理由", "happened_on": f"{timezone.localdate():%Y-%m-%d}",
    }  # fmt: skip
    assert first.post(f"{reverse('supervision_card_issue')}?case={case.number}", said).status_code == 302
    card = LimitWarning.objects.get(mode="manual")
    page = reverse("supervision_card", args=[card.pk])

    def press(client, act, **more):
        return client.post(page, {"act": act, "reason": "已核对办件记录"} | more).status_code

    assert (press(first, "confirm"), press(second, "confirm")) == (409, 302)
    tell()
    assert press(chief, "appeal") == 302
    appeal = str(CardReview.objects.get(card=card, act="appeal").pk)
    decided = [press(client, "revoke", proposal=appeal) for client in (first, second, third)]
    assert decided == [409, 409, 302]
    assert life(LimitWarning.objects.get(pk=card.pk)).state == "revoked"
