"""What the pages of the intake cost, in statements and in bytes; more drafts or files cost nothing more."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.actions.attach import attach
from applications.actions.fill import declare_materials
from applications.models import Application
from tests.factories.cases import a_case, a_picture
from tests.seed import Seed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
STATIC = Path(__file__).resolve().parents[3] / "static"
# Session, user, posts, grants, delegations; the watch, and the rail's counts with their moment.
FRAME = 8


def statements(client: Client, address: str) -> int:
    client.get(address)  # what a process keeps (county, calendar) is read once
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len([query for query in seen.captured_queries if "SAVEPOINT" not in query["sql"]])


def loaded(case: Application, seed: Seed, files: int) -> Application:
    actor = seed.actor("village_clerk")
    declare_materials(case.pk, dict.fromkeys(range(1, 8), "have"), actor=actor)
    for n in range(files):
        attach(case.pk, n % 7 + 1, data=a_picture(), name=f"{n}.png", actor=actor)
    return case


@pytest.mark.parametrize("many", [1, 8])
def test_a_page_of_the_intake_costs_the_same_for_one_and_many(clerk: Client, seeded: Seed, many: int) -> None:
    for _ in range(many):
        case = loaded(a_case("draft"), seeded, many)
    address = {
        name: reverse(f"intake_{name}", args=[case.key])
        for name in ("tasks", "applicant", "details", "materials", "check")
    }
    costs = {
        "start": statements(clerk, reverse("intake")),
        "matters": statements(clerk, reverse("intake_matters") + "?q=zjd"),
        **{name: statements(clerk, url) for name, url in address.items()},
    }
    expected = {
        "start": FRAME + 7,  # halls, moment, drafts, used matters, the rest of the twelve, own promises, own lines
        "matters": 10,  # no frame: the actor (5), halls, moment, matters, own promises, own lines
        "tasks": FRAME + 4,  # draft, lines, files, twins
        "applicant": FRAME + 2,
        "details": FRAME + 1,
        "materials": FRAME + 3,
        "check": FRAME + 10,  # and the route to the acceptor (3), its name, the moment, its promise
    }
    assert costs == expected


def test_the_first_page_is_light(clerk: Client) -> None:
    """At most 60 KB and 8 requests. Source: quality goals, P13."""
    page = clerk.get(reverse("intake")).content
    assets = set(re.findall(r'(?:href|src|data-src-guard|data-src-htmx)="/static/([^"]+)"', page.decode()))
    local = [STATIC / name for name in assets if (STATIC / name).exists()]
    weight = len(gzip.compress(page)) + sum(len(gzip.compress(path.read_bytes())) for path in local)
    assert weight + 17_000 <= 60_000  # and htmx
    assert len(assets) + 1 <= 8


def test_the_first_page_of_the_public_is_light() -> None:
    page = Client().get("/").content
    assert len(gzip.compress(page)) <= 5_000
