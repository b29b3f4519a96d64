"""A refusal about a case leads back to the case."""

import pytest
from django.urls import reverse

from tests.factories.walk import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def test_a_stale_page_says_it_once_and_leads_back_to_its_case(client, seeded):
    case = Walk(seeded).submitted()
    client.force_login(seeded.user("township_window"), backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("case_verb", args=[case.number, "receive"])
    answer = client.post(address, {"version": case.version - 1})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert f'href="{reverse("case", args=[case.number])}"' in page
    assert page.count("已经过时") == 1


def test_an_address_that_is_not_ones_own_leads_nowhere(client, seeded):
    case = Walk(seeded).submitted()
    client.force_login(seeded.user("neighbour_clerk"), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse("case_verb", args=[case.number, "receive"]))
    assert answer.status_code == 404
    assert f'href="{reverse("case", args=[case.number])}"' not in answer.content.decode()
