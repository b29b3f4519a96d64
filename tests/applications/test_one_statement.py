"""时限说明单: page, API, command and villager tell the same dates for the same reasons, for every case of a county."""

import json
import re
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.domain.numbers import case_number
from applications.models import Application, Event
from applications.sealing import query_token
from applications.selectors.statement import CaseStatements
from applications.selectors.statement_shares import THROUGH_STEPS
from halls.selectors.work_calendar import read_moment
from tests.factories.cases import a_case

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
    days = [day for row in rows for day in re.findall(r'datetime="([\d-]+)"', row)[:1]]
    assert len(days) == len(rows)
    return [(day, " ".join(re.sub(r"<[^>]+>", " ", row).split())) for day, row in zip(days, rows, strict=True)]


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
        people = set(
            Event.objects.filter(application=case).exclude(actor_post="系统").values_list("actor_name", flat=True)
        )
        assert people
        assert [name for name in people | {case.applicant.name} if name in html] == []


def test_days_in_which_everybody_waits_for_the_applicant_are_not_an_organ_s(travel):
    travel("2026-03-02 10:00")
    case = a_case("correcting")
    travel("2026-03-06 09:00")
    found = next(one for one in CaseStatements(case, read_moment()).all() if one.kind == "supplement")
    (share,) = found.shares
    assert (share.kind, share.who, share.used, found.used) == ("applicant", "申请人", 4, 4)
    assert found.plain.startswith("您补材料的时间是 15 个工作日，今天是第 4 天")


# --- the command -----------------------------------------------------------------------------------------------------


def explained(*arguments):
    out = StringIO()
    call_command("explain_limit", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_one_clock_of_a_case_in_words(filed):
    case = next(case for case in filed if case.accepted_at)
    printed = explained("--case", case.display_number, "--clock", "promised")
    found = next(one for one in CaseStatements(case, read_moment()).all() if one.kind == "promised")
    assert found.summary.split("到今天")[0] in printed
    assert printed.count("【") == 1
    for day in found.days:
        assert re.search(rf"^{day.date} .*{re.escape(day.reason)}", printed, re.M)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--case", "5002362699999999"], "--case"),
        (["--case", "abc"], "--case"),
        (["--clock", "promised"], "缺少参数 --case"),
        (["--case", "CASE", "--clock", "later"], "应是"),
        (["--case", "CASE", "--clock", "order"], "应是"),
        (["--case", "CASE", "--budget", "5wd"], "不能"),
    ],
)
def test_the_command_refuses_what_it_cannot_explain(filed, arguments, words):
    case = filed[0]
    with pytest.raises(CommandError, match=words) as refused:
        explained(*[case.number if word == "CASE" else word for word in arguments])
    assert refused.value.returncode == 2


def test_a_number_that_no_case_has_is_refused(filed):
    unknown = case_number("500236", date(2026, 11, 2), 9_999_999)
    with pytest.raises(CommandError, match="没有编号为"):
        explained("--case", unknown)


# --- what it costs ---------------------------------------------------------------------------------------------------


def statements_of(client, address):
    client.get(address)  # what a process reads once is read
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len([query for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))])


def test_query_counts_do_not_depend_on_the_age_of_the_case(seeded):
    staff, anybody = Client(), Client()
    staff.force_login(seeded.user("supervisor"))
    for trait in ("accepted", "delivered"):
        case = a_case(trait)
        clock = case.clocks.get(kind="promised")
        assert case.number is not None
        ticket = f"{case.number}.{query_token(case.number)}"
        page = reverse("clock_statement", args=[case.number, clock.pk])
        counts = (
            statements_of(staff, page),
            statements_of(staff, reverse("clock_paper", args=[case.number, clock.pk])),
            statements_of(anybody, reverse("progress_limits", args=[ticket])),
        )
        assert counts == (14, 10, 7)  # of which recognising the caller and the frame of the page: 9, 5, 0


def test_the_case_page_draws_the_same_waterfall_without_a_statement_of_its_own(filed, seeded):
    staff = Client()
    staff.force_login(seeded.user("supervisor"))
    drawn = 0
    for case in [case for case in filed if case.accepted_at][:8]:
        answer = staff.get(reverse("case", args=[case.number]), {"tab": "limits"})
        found = next(one for one in CaseStatements(case, read_moment()).all() if one.kind == "promised")
        rows = answer.context["waterfall"]["rows"]
        assert [(row["name"], row["who"], row["used"]) for row in rows] == [
            (share.name, share.who, share.used) for share in found.shares
        ]
        drawn += len(rows)
    assert drawn > 8


def test_the_address_of_one_clock_gives_that_clock_and_no_other(filed, seeded):
    program = Client()
    program.force_login(seeded.user("supervisor"))
    case, other = filed[0], filed[1]
    told = program.get(f"/api/v1/applications/{case.number}/clocks/").json()
    one = program.get(f"/api/v1/applications/{case.number}/clocks/{told[0]['clock']}/").json()
    assert one["days"] == told[0]["days"]
    assert one["summary"] == told[0]["summary"]
    assert program.get(f"/api/v1/applications/{other.number}/clocks/{told[0]['clock']}/").status_code == 404
    assert Client().get(f"/api/v1/applications/{case.number}/clocks/{told[0]['clock']}/").status_code == 401


def test_the_paper_names_county_number_chain_and_who_printed_it(filed, seeded):
    staff = Client()
    user = seeded.user("supervisor")
    staff.force_login(user)
    case = next(case for case in filed if case.accepted_at)
    clock = case.clocks.get(kind="promised")
    html = staff.get(reverse("clock_paper", args=[case.number, clock.pk])).content.decode()
    for words in ("奉节县", f"{case.number}-{clock.pk}", case.event_hash, user.full_name, "谁用了哪几天", "国办发明电"):
        assert words in html
    assert case.applicant.name not in html
