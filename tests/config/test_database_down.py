"""A database that went away in mid-run: every page and every program is told what to do, and nothing from inside."""

import json
import logging

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeded")]


@pytest.fixture
def visitors(seeded):
    user = seeded.user("village_clerk")
    page = Client(raise_request_exception=False)
    page.force_login(user, "django.contrib.auth.backends.ModelBackend")
    token = Token.objects.get_or_create(user=user)[0].key
    return page, Client(raise_request_exception=False, headers={"Authorization": f"Token {token}"})


@pytest.fixture
def database_down(visitors):
    here = connection.settings_dict
    before = here["HOST"], here["PORT"]
    connection.close()
    here |= {"HOST": "127.0.0.1", "PORT": "1"}
    yield
    here["HOST"], here["PORT"] = before


@pytest.mark.parametrize("name", ["home", "case_list", "intake", "guide_list", "landing", "login", "supervision"])
def test_a_page_says_so(visitors, database_down, name, caplog):
    with caplog.at_level(logging.CRITICAL):
        answer = visitors[0].get(reverse(name))
    text = answer.content.decode()
    assert answer.status_code in ((200, 503) if name in ("login", "landing") else (503,)), text[:300]
    assert "Traceback" not in text
    assert "127.0.0.1" not in text
    if answer.status_code == 503:
        assert "请过几分钟再试" in text
        assert answer["Retry-After"] == "30"


@pytest.mark.parametrize("name", ["api_cases", "api_lights", "api_halls", "api_matters"])
def test_a_program_is_told_so(visitors, database_down, name, caplog):
    with caplog.at_level(logging.CRITICAL):
        answer = visitors[1].get(reverse(name))
    assert answer.status_code == 503
    told = json.loads(answer.content)
    assert told["code"] == "database_unavailable"
    assert "手工登记" in told["cure"]


def test_the_village_clerk_keeps_her_login(visitors, database_down, caplog):
    with caplog.at_level(logging.CRITICAL):
        assert visitors[0].post(reverse("intake"), {"matter": "NY-003"}).status_code == 503
    assert visitors[0].cookies["sessionid"].value


def test_it_works_again_when_the_database_is_back(visitors, seeded):
    assert visitors[0].get(reverse("case_list")).status_code == 200
