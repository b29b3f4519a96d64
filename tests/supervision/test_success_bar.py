"""What was just done is said above everything else of the page, and nothing floats over it."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.supervision.ordering import TEXTS

pytestmark = pytest.mark.django_db


def test_the_line_of_the_last_sweep_floats_below_the_bar(county):
    client = Client()
    client.force_login(county.people["supervisor"])
    body = TEXTS | {"organ": county.townships[0].code, "title": "窗口无人值守"}
    page = client.post(reverse("order_new"), body, follow=True).content.decode()
    assert page.index('class="messages"') < page.index('class="beat"') < page.index("<h1")
