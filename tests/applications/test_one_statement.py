"""时限说明单: page, API, command and villager tell the same dates for the same reasons, for every case of a county."""

import json
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from applications.models import Application, Event
from applications.sealing import query_token
from applications.selectors.statement import CaseStatements
from applications.selectors.statement_shares import THROUGH_STEPS
from halls.selectors.work_calendar import read_moment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lived_in")]
CASES = 40


@pytest.fixture
def filed():
    found = list(Application.objects.exclude(status="draft").select_related("guide", "hall"))
    assert len(found) > 25
    return found


def shown_days(html):
    """The days of a rendered statement: date, number, words, as a reader sees them."""
    table = re.search(r'<table class="table days".*?</table>', html, re.S)
    rows = re.findall(r'<tr role="row" data-part.*?</tr>', table[0], re.S) if table else []
    return [(re.search(r'datetime="([\d-]+)"', row)[1], " ".join(re.sub(r"<[^>]+>", " ", row).split())) for row in rows]


def without_moment(told):
    """Without what belongs to the moment of asking or to the reader alone."""
    told = {name: value for name, value in told.items() if name not in ("light", "url", "shares")}
    people = [{**fact, "act": fact["act"] and {**fact["act"], "person": "", "post": ""}} for fact in told["facts"]]
    return told | {"facts": people}


def test_page_api_command_and_villager_tell_the_same(filed, seeded):
    staff, program, anybody = Client(), Client(), Client()
    staff.force_login(seeded.user("supervisor"))
    program.force_login(seeded.user("supervisor"))
    compared = 0
    for case in filed:
        out = StringIO()
        call_command("explain_limit", "--case", case.number, "--json", stdout=out)
        by_command = {told["clock"]: without_moment(told) for told in json.loads(out.getvalue())}
        answer = program.get(f"/api/v1/applications/{case.number}/clocks/")
        by_api = {told["clock"]: without_moment(told) for told in answer.json()}
        ticket = f"{case.number}.{query_token(case.number)}"
        page = anybody.get(reverse("progress_limits", args=[ticket]))
        told = [json.loads(json.dumps(item["statement"].as_dict())) for item in page.context["clocks"]]
        by_villager = {one["clock"]: without_moment(one) for one in told}
        assert by_command == by_api == by_villager
        for clock_id, one in list(by_api.items())[-1:]:
            answer = staff.get(reverse("clock_statement", args=[case.number, clock_id]))
            page = json.loads(json.dumps(answer.context["statement"].as_dict()))
            assert without_moment(page) == one
            days = shown_days(answer.content.decode())
            assert [day for day, _words in days] == [day["date"] for day in one["days"]]
            for (_day, words), day in zip(days, one["days"], strict=True):
                assert day["reason"] in words
            compared += len(days)
    assert compared > 200


def test_every_waterfall_adds_up_to_what_the_clock_used(filed):
    moment = read_moment()
    through_steps = organs = 0
    for case in filed:
        statements = CaseStatements(case, moment)
        visits = {c.pk: c for c in statements.clocks if c.kind == "step"}
        for clock in statements.clocks:
            found = statements.of(clock)
            assert found.shares
            assert sum(share.used for share in found.shares) == found.used, (case, clock.kind)
            assert [share.start for share in found.shares] == [
                sum(share.used for share in found.shares[:place]) for place in range(len(found.shares))
            ]
            if clock.kind in THROUGH_STEPS and visits:
                # The same from the other side: what each step's own clock used.
                own = [statements.of(visit).used for visit in visits.values()]
                assert [share.used for share in found.shares] == own, (case, clock.kind)
                handed = [share.handed_on for share in found.shares[:-1]]
                assert handed == [share.carried for share in found.shares[1:]]
                through_steps += 1
                organs += len(own)
    assert through_steps > 20
    assert organs > through_steps


def test_the_figures_are_the_days_of_the_table(filed):
    moment = read_moment()
    looked_at = 0
    for case in filed:
        for found in CaseStatements(case, moment).all():
            if found.is_cut or found.limit is None or found.unit != "个工作日":
                continue
            seen = (found.stopped_at or moment.at).date()
            counted = [day for day in found.days if day.counted]
            within = [day for day in counted if day.part == "limit" and day.date <= seen]
            over = [day for day in counted if day.part == "over"]
            assert found.used == len(within) + len(over), (case, found.kind)
            if found.due_on is not None:
                assert found.used + found.left - len(over) == found.limit
            assert (found.over > 0) == (found.due_at is not None and (found.stopped_at or moment.at) > found.due_at)
            looked_at += 1
    assert looked_at > 80


def test_a_villager_reads_no_name_of_a_person(filed):
    for case in filed:
        ticket = f"{case.number}.{query_token(case.number)}"
        html = Client().get(reverse("progress_limits", args=[ticket])).content.decode()
        people = set(Event.objects.filter(application=case).exclude(actor_post="系统").values_list("actor_name", flat=True))
        assert people
        assert [name for name in people | {case.applicant.name} if name in html] == []
