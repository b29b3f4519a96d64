"""What cannot be trusted is shouted: a banner, an alarm once a day to those who answer for it, and a red /healthz."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from halls.domain.duties import PostKind
from halls.models import User
from supervision.actions.raise_alarm import raise_alarm
from supervision.actions.sweep import sweep
from supervision.models import LimitWarning, Message, Outbox, ProofRun, SweepRun, Untold
from supervision.selectors import heartbeat
from tests.factories.calendar import unload_year
from tests.factories.halls import person_in_post
from tests.supervision.county import at

pytestmark = pytest.mark.django_db
NIGHT = timedelta(hours=7)


@pytest.fixture
def watched(busy):
    sweep()
    busy.people["administrator"] = person_in_post(PostKind.ADMINISTRATOR, busy.hall)
    return busy


def dead_sweep(county):
    SweepRun.objects.update(finished_at=heartbeat().at - timedelta(minutes=11))


def broken_chain(county):
    when = heartbeat().at - NIGHT
    ProofRun.objects.create(kind="ledger", started_at=when, finished_at=when, cases=9, events=90, differences=2)


def wrong_dates(county):
    when = heartbeat().at - NIGHT
    ProofRun.objects.create(kind="lights", started_at=when, finished_at=when, cases=9, clocks=40, differences=1)


def stuck_outbox(county):
    card = LimitWarning.objects.all()[0]
    Untold.objects.update_or_create(
        warning=card,
        audience="",
        defaults={"next_try_at": heartbeat().at, "attempts": 3, "last_error": "nobody_in_post"},
    )


def missing_year(county):
    unload_year(2026)


FAULTS = {
    "sweep": (dead_sweep, "巡检已停"),
    "ledger": (broken_chain, "办件记录有 2 处不符"),
    "proof": (wrong_dates, "1 处日期、灯或红黄牌与事实不符"),
    "outbox": (stuck_outbox, "找不到人告知"),
    "calendar-2026": (missing_year, "2026 年放假安排未载入"),
}


def told(county):
    names = {person.pk: name for name, person in county.people.items()}
    return [(names[one.user_id], one.key) for one in Message.objects.filter(key__startswith="fault:").order_by("pk")]


def page_of(county, role):
    client = Client()
    client.force_login(User.objects.get(pk=county.people[role].pk))
    return client.get(reverse("supervision")).content.decode()


def test_a_county_without_faults_is_well(watched):
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()["status"], answer.json()["faults"]) == (200, "ok", [])
    assert told(watched) == []


@pytest.mark.parametrize("key", FAULTS)
def test_a_fault_is_a_banner_a_red_light_of_the_machine_and_an_alarm_once_a_day(watched, key):
    cause, words = FAULTS[key]
    cause(watched)
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (503, "red")
    assert key in answer.json()["faults"]
    assert Client().get("/readyz").status_code == 200, "pages are served all the same"
    for _again in range(2):
        raise_alarm()
        Client().get("/healthz")
    assert [one for one in told(watched) if f":{key}:" in one[1]] == [
        ("supervisor", f"fault:{key}:2026-03-12"),
        ("administrator", f"fault:{key}:2026-03-12"),
    ]
    assert words in page_of(watched, "supervisor")
    at("2026-03-13 00:00")
    raise_alarm()
    assert ("supervisor", f"fault:{key}:2026-03-13") in told(watched)


def test_the_alarm_stands_in_the_inbox(watched):
    dead_sweep(watched)
    raise_alarm()
    client = Client()
    client.force_login(User.objects.get(pk=watched.people["administrator"].pk))
    assert "巡检停了，上次完成：2026-03-12 09:49" in client.get(reverse("messages")).content.decode()


def test_the_next_year_is_asked_for_in_december_and_is_no_red_fault(watched):
    at("2026-11-20 10:00")
    sweep()
    assert "calendar-2027" not in [fault.key for fault in raise_alarm()]
    at("2026-12-01 00:00")
    sweep()
    fault = next(fault for fault in raise_alarm() if fault.key == "calendar-2027")
    assert not fault.is_red


def test_nobody_below_the_county_is_told(watched):
    dead_sweep(watched)
    raise_alarm()
    assert {name for name, _key in told(watched)} == {"supervisor", "administrator"}
    assert not Outbox.objects.filter(message__key__startswith="fault:").exclude(user__isnull=False).exists()


@pytest.mark.parametrize(
    "page",
    [
        "supervision", "supervision_statistics", "supervision_cases", "supervision_warnings", "supervision_runs",
        "supervision_rows", "supervision_suspicions", "supervision_rules", "calendar", "defaults", "screens",
        "messages", "supervision_outbox",
    ],
)  # fmt: skip
def test_every_page_of_supervision_has_the_heartbeat(watched, page):
    client = Client()
    client.force_login(User.objects.get(pk=watched.people["supervisor"].pk))
    text = client.get(reverse(page)).content.decode()
    assert '<p class="beat" data-alive="yes">上次巡检 <time datetime="2026-03-12T10:00:00+08:00">3月12日 10:00' in text
    dead_sweep(watched)
    assert '<p class="beat" data-alive="no">' in client.get(reverse(page)).content.decode()
