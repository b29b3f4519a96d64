"""Two connections at once: one winner, and the other is told so."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection

from applications.models import Application, Event, IdempotencyKey
from tests.api.conftest import Caller
from tests.factories.cases import a_case

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.concurrency,
    pytest.mark.usefixtures("seeded"),
]


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Make the calls at the same moment, each on a connection of its own."""
    start = threading.Barrier(len(calls))
    answers: list[Any] = [None] * len(calls)

    def run(index: int, call: Callable[[], Any]) -> None:
        start.wait(timeout=10)
        try:
            answers[index] = call()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index, call)) for index, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert all(answer is not None for answer in answers)
    return answers


def test_a_double_click_on_submit_files_one_case(caller, filing):
    body = filing()
    clerk: Caller = caller("village_clerk")
    call = partial(clerk.post, "applications/", body, Idempotency_Key="one-click-too-many")
    answers = together(*[call] * 4)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert Application.objects.count() == 1
    assert IdempotencyKey.objects.count() == 1
    assert Event.objects.filter(verb="submit").count() == 1


def test_of_two_who_accept_one_wins(caller):
    case = a_case("received")
    body = {"materials": {str(seq): "ok" for seq in range(1, 8)}, "version": case.version}
    first, second = caller("township_window"), caller("township_window_b")
    answers = together(lambda: first.verb(case, "accept", body), lambda: second.verb(case, "accept", body))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    lost = next(answer for answer in answers if answer.status_code == 409)
    assert lost.json()["code"] == "stale_page"
    assert "刷新" in lost.json()["cure"]
    assert Event.objects.filter(application=case, verb="accept").count() == 1


def test_without_a_version_the_table_refuses_the_second(caller):
    case = a_case("received")
    body = {"materials": {str(seq): "ok" for seq in range(1, 8)}}
    first, second = caller("township_window"), caller("township_window_b")
    answers = together(lambda: first.verb(case, "accept", body), lambda: second.verb(case, "accept", body))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert {answer.json().get("code") for answer in answers} == {None, "not_possible_now"}


def test_different_verbs_at_once_leave_one_straight_chain(caller):
    case = a_case("received")
    window, clerk = caller("township_window"), caller("village_clerk")
    answers = together(
        lambda: window.verb(case, "accept", {"materials": {str(seq): "ok" for seq in range(1, 8)}}),
        lambda: clerk.verb(case, "withdraw", {"reason": "不办了"}),
    )
    assert 200 in {answer.status_code for answer in answers}
    assert {answer.status_code for answer in answers} <= {200, 409}
    events = list(Event.objects.filter(application=case).order_by("seq"))
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert all(after.prev_hash == before.hash for before, after in itertools.pairwise(events))


def test_no_more_than_ten_wrong_codes_are_weighed_however_many_come_at_once(anybody):
    case = a_case()
    body = {"number": case.number, "code": "AAAAAAAA"}
    answers = []
    for wave in range(3):
        programs = [Caller() for _ in range(8)]
        for n, program in enumerate(programs):
            program.client.defaults["REMOTE_ADDR"] = f"10.{wave}.0.{n}"
        answers += together(*(partial(program.post, "public/progress/", body) for program in programs))
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(404) == 10
    assert statuses.count(429) == 14
