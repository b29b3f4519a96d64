"""Sets of card rules: tried on history, proposed by one, confirmed by another, and never felt by what runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from html import unescape

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from applications.actions.propose_rules import Reach, confirm_rules, drop_rules, propose_rules
from applications.domain.lights import Colour, warned_from
from applications.models import Application, Clock, RuleSet
from applications.selectors.lights import colour_condition, light
from applications.selectors.rule_presets import preset
from applications.selectors.rules import Rulebook, forget_rules, rulebook
from halls.domain.duties import PostKind
from halls.domain.errors import Invalid, NotPermitted, Refused
from halls.domain.worktime import SHANGHAI
from halls.models import User
from halls.selectors.work_calendar import read_moment
from supervision.actions.prove_lights import prove_lights
from supervision.actions.sweep import sweep
from supervision.models import LimitWarning
from tests.factories.halls import person_in_post
from tests.factories.tampering import unguarded
from tests.supervision.county import at, clock_of

pytestmark = pytest.mark.django_db
FROM_MONDAY = Reach(date(2026, 3, 9))
WHY = "按州政府超时默认制度执行"


@pytest.fixture
def pair(county):
    """Two persons who may sign, beside the people of the county."""
    for name in ("first", "second"):
        county.people[name] = person_in_post(PostKind.SUPERVISOR, county.hall)
    return county


def put_into_force(county, code="enshi", reach=FROM_MONDAY):
    proposed = propose_rules(preset(code), reach, actor=county.actor("first"), reason=WHY)
    confirm_rules(proposed.pk, actor=county.actor("second"), digest=proposed.digest)
    forget_rules()
    return proposed


def dates_of(case):
    names = ("kind", "due_at", "warn_at", "yellow_at", "red_at", "next_action_at")
    return list(Clock.objects.filter(application=case).order_by("pk").values_list(*names))


def governing(book: Rulebook, day: date, matter_id: int = 0, department_id: int = 0) -> int:
    standing = book.set_for(day, matter_id, department_id)
    assert standing is not None
    return standing.set_id


# --- two persons ------------------------------------------------------------------------------------------------------


def test_a_proposal_governs_nothing_until_another_person_confirms_it(pair):
    proposed = propose_rules(preset("enshi"), FROM_MONDAY, actor=pair.actor("first"), reason=WHY)
    book = rulebook(date(2026, 3, 10))
    assert proposed.is_waiting
    assert governing(book, date(2026, 3, 10)) != proposed.pk
    with pytest.raises(Refused, match="same_person"):
        confirm_rules(proposed.pk, actor=pair.actor("first"), digest=proposed.digest)
    confirm_rules(proposed.pk, actor=pair.actor("second"), digest=proposed.digest)
    forget_rules()
    assert governing(rulebook(date(2026, 3, 10)), date(2026, 3, 10)) == proposed.pk
    assert governing(rulebook(date(2026, 3, 8)), date(2026, 3, 8)) != proposed.pk


def test_what_was_confirmed_just_before_midnight_governs_after_it_in_every_process(pair, django_assert_num_queries):
    proposed = propose_rules(preset("enshi"), FROM_MONDAY, actor=pair.actor("first"), reason=WHY)
    at("2026-03-08 23:59:50")
    assert governing(rulebook(date(2026, 3, 8)), date(2026, 3, 8)) != proposed.pk
    confirm_rules(proposed.pk, actor=pair.actor("second"), digest=proposed.digest)  # told to no other process
    with django_assert_num_queries(0):
        assert governing(rulebook(date(2026, 3, 8)), date(2026, 3, 8)) != proposed.pk
    at("2026-03-09 00:00:02")
    assert governing(rulebook(date(2026, 3, 9)), date(2026, 3, 9)) == proposed.pk
    at("2026-03-09 00:01")
    rulebook(date(2026, 3, 9))
    with django_assert_num_queries(0):
        assert governing(rulebook(date(2026, 3, 9)), date(2026, 3, 9)) == proposed.pk


@pytest.mark.parametrize("role", ["window0", "director0", "bureau_director", "clerk1"])
def test_who_does_not_answer_for_the_county_signs_nothing(pair, role):
    with pytest.raises(NotPermitted):
        propose_rules(preset("enshi"), FROM_MONDAY, actor=pair.actor(role), reason=WHY)
    proposed = propose_rules(preset("enshi"), FROM_MONDAY, actor=pair.actor("first"), reason=WHY)
    for act in (partial(confirm_rules, digest=proposed.digest), drop_rules):
        with pytest.raises(NotPermitted):
            act(proposed.pk, actor=pair.actor(role))


@pytest.mark.parametrize(
    ("reach", "reason", "field"),
    [
        (Reach(date(2026, 3, 2)), WHY, "effective_on"),  # today
        (Reach(date(2026, 2, 1)), WHY, "effective_on"),
        (Reach(date(2029, 3, 3)), WHY, "effective_on"),
        (Reach(date(2026, 3, 9), ended_on=date(2026, 3, 8)), WHY, "ended_on"),
        (Reach(date(2026, 3, 9), department_code="nowhere"), WHY, "department"),
        (Reach(date(2026, 3, 9), matter_code="nothing"), WHY, "matter"),
        (Reach(date(2026, 3, 9), department_code="a", matter_code="b"), WHY, "matter"),
        (Reach(date(2026, 3, 9)), "  ", "reason"),
        (Reach(date(2026, 3, 9)), "aaa", "reason"),
    ],
)
def test_a_proposal_that_says_nonsense_is_refused(pair, reach, reason, field):
    with pytest.raises(Invalid) as refusal:
        propose_rules(preset("enshi"), reach, actor=pair.actor("first"), reason=reason)
    assert [problem.field for problem in refusal.value.problems] == [field]
    assert RuleSet.objects.filter(is_installed=False).count() == 0


def test_nobody_confirms_after_the_day_has_come(pair):
    proposed = propose_rules(preset("enshi"), FROM_MONDAY, actor=pair.actor("first"), reason=WHY)
    at("2026-03-09 00:00")
    with pytest.raises(Refused, match="too_late"):
        confirm_rules(proposed.pk, actor=pair.actor("second"), digest=proposed.digest)
    row = RuleSet.objects.get(pk=proposed.pk)
    second = pair.people["second"]
    row.confirmed_by, row.confirmed_person, row.confirmed_at = second, second.person_code, row.proposed_at
    with pytest.raises(DatabaseError, match="tomorrow"), transaction.atomic():
        row.save()


def test_what_was_not_seen_is_not_confirmed_and_what_is_closed_stays_closed(pair):
    proposed = propose_rules(preset("enshi"), FROM_MONDAY, actor=pair.actor("first"), reason=WHY)
    with pytest.raises(Refused, match="not_what_was_seen"):
        confirm_rules(proposed.pk, actor=pair.actor("second"), digest=preset("hunan").digest)
    drop_rules(proposed.pk, actor=pair.actor("first"))
    with pytest.raises(Refused, match="already_closed"):
        confirm_rules(proposed.pk, actor=pair.actor("second"), digest=proposed.digest)


def test_two_sets_do_not_begin_on_one_day_for_one_scope(pair):
    waiting = propose_rules(preset("hunan"), FROM_MONDAY, actor=pair.actor("first"), reason=WHY)
    put_into_force(pair)
    with pytest.raises(Refused, match="rules_that_day"):
        confirm_rules(waiting.pk, actor=pair.actor("second"), digest=waiting.digest)


# --- which set governs ------------------------------------------------------------------------------------------------


def test_confirmed_rules_never_move_a_running_clock_and_the_proof_agrees(pair):
    matter = pair.matter(promised=10)
    running = pair.accepted(matter)
    before = dates_of(running)
    put_into_force(pair)
    at("2026-03-09 10:00")
    new = pair.accepted(matter)
    assert dates_of(running) == before
    pair.suspended(pair.special_matter())
    promised = clock_of(new, "promised")
    assert promised.warn_at is None
    assert promised.yellow_at is not None
    assert promised.due_at is not None
    assert promised.yellow_at.astimezone().date() < promised.due_at.astimezone().date()
    pair.withdrawn(running)  # a later act derives by the old rules still
    assert clock_of(running, "promised").yellow_at == next(row[3] for row in before if row[0] == "promised")
    sweep()
    assert prove_lights().differences == ()


def test_matter_before_department_before_county_and_the_latest_within_a_scope(pair):
    mine, other = pair.matter(), pair.matter()
    county_set = put_into_force(pair, "enshi", Reach(date(2026, 3, 9)))
    later = put_into_force(pair, "guangzhou", Reach(date(2026, 3, 16)))
    of_bureau = put_into_force(pair, "hunan", Reach(date(2026, 3, 9), department_code=pair.bureau.code))
    trial = Reach(date(2026, 3, 10), ended_on=date(2026, 3, 12), matter_code=mine.code)
    of_matter = put_into_force(pair, "guangzhou", trial)
    book, bureau = rulebook(date(2026, 3, 31)), pair.bureau.pk

    def on(day, matter, department=bureau):
        return governing(book, date(2026, 3, day), matter.pk, department)

    assert on(9, mine) == of_bureau.pk
    assert on(10, mine) == on(12, mine) == of_matter.pk
    assert on(13, mine) == on(12, other) == on(20, other) == of_bureau.pk
    assert on(9, other, -1) == county_set.pk
    assert on(16, other, -1) == later.pk


def test_a_case_with_a_yellow_card_is_not_green_where_the_rules_know_no_warning(pair):
    put_into_force(pair, "enshi", Reach(date(2026, 3, 3)))
    at("2026-03-03 10:00")
    case = pair.accepted(pair.matter(promised=10, steps=[{"kind": "accept"}, {"kind": "decide", "days": 30}]))
    promised = clock_of(case, "promised")
    assert promised.warn_at is None
    case.refresh_from_db()
    assert promised.yellow_at is not None
    assert promised.due_at is not None
    assert case.warn_at == promised.yellow_at < promised.due_at
    at(f"{promised.yellow_at.astimezone(SHANGHAI) + timedelta(minutes=1):%Y-%m-%d %H:%M}")
    sweep()
    assert LimitWarning.objects.filter(clock=promised, level="yellow").exists()
    moment = read_moment()
    assert light(case, moment).colour == Colour.YELLOW
    assert Application.objects.filter(colour_condition(Colour.YELLOW, moment.at), pk=case.pk).exists()
    assert prove_lights().differences == ()
    with unguarded():
        Application.objects.filter(pk=case.pk).update(warn_at=None)
    assert {one.field for one in prove_lights().differences} == {"warn_at", "light"}


def test_the_default_rules_colour_a_case_by_its_warnings_alone(county):
    for promised in (1, 3, 10, 30):
        county.accepted(county.matter(promised=promised))
    county.received(county.matter())
    county.filed(county.matter())
    county.suspended(county.special_matter())
    for day in ("2026-03-02", "2026-03-20"):
        at(f"{day} 11:00")
        sweep()
        for case in Application.objects.exclude(warn_at=None).prefetch_related("clocks"):
            assert case.warn_at in {clock.warn_at for clock in case.clocks.all()}
    assert prove_lights().differences == ()


@pytest.mark.parametrize(
    ("warn", "yellow", "due", "from_day"),
    [(2, 3, 4, 2), (3, 2, 4, 2), (None, 3, 4, 3), (None, 4, 4, None), (2, 4, 4, 2), (None, 5, 4, None),
     (None, 3, None, 3), (2, None, 4, 2), (None, None, 4, None)],
)  # fmt: skip
def test_a_clock_colours_its_case_from_a_warning_or_a_yellow_card_before_its_end(warn, yellow, due, from_day):
    moments = [day and datetime(2026, 3, day, tzinfo=SHANGHAI) for day in (warn, yellow, due, from_day)]
    assert warned_from(*moments[:3]) == moments[3]


@pytest.mark.parametrize("code", ["hunan", "enshi", "guangzhou"])
def test_the_proof_finds_the_same_rungs_under_every_preset(pair, code):
    put_into_force(pair, code, Reach(date(2026, 3, 3)))
    at("2026-03-03 10:00")
    for promised in (1, 3, 7, 10, 30):
        pair.accepted(pair.matter(promised=promised), promised % 2)
    pair.accepted(pair.matter(promised=1, handling="immediate"))
    pair.suspended(pair.special_matter(days=7))
    at("2026-03-20 10:00")
    sweep()
    proof = prove_lights()
    assert proof.differences == ()
    assert proof.clocks > 20


def test_an_immediate_matter_is_warned_about_in_working_hours(pair):
    case = pair.accepted(pair.matter(promised=1, handling="immediate"))
    warn_at = clock_of(case, "promised").warn_at
    assert warn_at is not None
    assert f"{warn_at.astimezone():%H:%M}" == "15:30"
    assert prove_lights().differences == ()


# --- pages ------------------------------------------------------------------------------------------------------------


def visitor(county, role):
    client = Client()
    client.force_login(User.objects.get(pk=county.people[role].pk))
    return client


def propose_by_page(client, **changes):
    given = {"effective_on": "2026-03-09", "ended_on": "", "department": "", "matter": "", "reason": WHY, **changes}
    return client.post(reverse("supervision_rule_preset", args=["enshi"]), given)


def test_the_pages_lead_from_choice_to_force(pair):
    first, second = visitor(pair, "first"), visitor(pair, "second")
    overview = first.get(reverse("supervision_rules")).content.decode()
    assert "默认规则" in overview
    assert "湖北恩施" in overview
    shown = unescape(first.get(reverse("supervision_rule_preset", args=["enshi"])).content.decode())
    assert "承诺时限已用超过 50%：黄牌" in shown
    assert "环节时限剩余不超过 1 个工作日：预警" in shown
    assert "沿用默认规则" in shown
    made = propose_by_page(first)
    assert made.status_code == 302
    pk = RuleSet.objects.get(is_installed=False).pk
    own = first.get(made["Location"]).content.decode()
    assert "由另一位" in own
    assert reverse("supervision_rule_set_confirm", args=[pk]) not in own
    page = second.get(made["Location"])
    digest = page.context["hidden"][0]["value"]
    assert second.post(reverse("supervision_rule_set_confirm", args=[pk]), {"digest": digest}).status_code == 302
    assert "已确认，待起用" in second.get(reverse("supervision_rules")).content.decode()
    assert second.post(reverse("supervision_rule_set_drop", args=[pk])).status_code == 409


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"effective_on": "2026-03-02"}, 422, "最早是明天"),
        ({"effective_on": "soon"}, 422, "2026-03-02 这样的日期"),
        ({"reason": ""}, 422, "请写明理由"),
        ({"reason": "aaa"}, 422, "理由里看不出依据哪个文件"),
        ({"effective_on": "9999-12-31"}, 422, "起用日期太远"),
        ({"matter": "nothing"}, 422, "没有这个事项代码"),
        ({"department": "nowhere"}, 422, "没有这个部门"),
        ({"matter": "\0"}, 422, ""),
    ],
)
def test_a_faulty_proposal_is_shown_at_its_field(pair, changes, status, words):
    answer = propose_by_page(visitor(pair, "first"), **changes)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert not RuleSet.objects.filter(is_installed=False).exists()


@pytest.mark.parametrize(("role", "status"), [("director0", 200), ("bureau_director", 200), ("window0", 403)])
def test_who_may_read_the_rules(county, role, status):
    client = visitor(county, role)
    for page in (
        reverse("supervision_rules"),
        reverse("supervision_rule_preset", args=["hunan"]),
        reverse("supervision_rule_set", args=[RuleSet.objects.get().pk]),
    ):
        assert client.get(page).status_code == status
    assert propose_by_page(client).status_code == 403
    assert not RuleSet.objects.filter(is_installed=False).exists()


def test_what_is_not_there_is_not_found(pair):
    client = visitor(pair, "first")
    assert client.get(reverse("supervision_rule_preset", args=["nowhere"])).status_code == 404
    assert client.get(reverse("supervision_rule_set", args=[0])).status_code == 404
    assert client.post(reverse("supervision_rule_set_confirm", args=[0])).status_code == 404


def test_a_change_of_the_presets_would_show():
    sheet = preset("enshi")
    assert replace(sheet, entries=sheet.entries[1:]).digest != sheet.digest
    assert replace(sheet, entries=tuple(reversed(sheet.entries))).digest == sheet.digest
