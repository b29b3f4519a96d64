"""A bad rating counts against whoever did what was bad, found by somebody else, with a reason; never silently."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import reverse

from applications.actions.deliver import Handing, deliver
from applications.actions.grant import grant
from applications.actions.make_result import make_result
from halls.domain.errors import Invalid, NotFound, NotPermitted
from halls.models import User
from halls.selectors.work_calendar import read_moment
from supervision.actions.answer_rater import answer_rater
from supervision.actions.appeal_rating import appeal_rating
from supervision.actions.verify_rating import Held, verify_rating
from supervision.domain.periods import Period, PeriodKind
from supervision.figures import Present
from supervision.selectors import statistics
from supervision.selectors.act_sheet import act_sheet
from supervision.selectors.ratings import levels_below, levels_by_township
from supervision.selectors.scope import scope_of
from tests.supervision.county import at
from tests.supervision.rating import bad, called, given_by

pytestmark = pytest.mark.django_db
WHY = "材料是窗口收的，超期在窗口"


def judged(county, rating, seat, why=WHY):
    director = county.actor("director0")
    called(rating.pk, director, note="本人接听，反映办得慢")
    return verify_rating(rating.pk, actor=director, is_valid=True, note="查看记录，属实", held=Held(seat, why))


def bad_of(county, who, scope):
    found = statistics.counts(scope_of(county.actor(who), scope), Present.at(read_moment().at))
    return found["ratings_bad_month"]


def test_until_it_is_judged_it_stands_where_it_was_given_then_with_whoever_is_responsible(county):
    rating = bad(county)
    village, township = county.villages[0].path, county.townships[0].path
    assert rating.path == village
    assert (bad_of(county, "clerk0", "post"), bad_of(county, "window0", "post")) == (1, 0)
    judged(county, rating, township)
    rating.refresh_from_db()
    assert (rating.path, rating.held_path, rating.level) == (village, township, 1)
    assert rating.acts.get(act="valid").held_why == WHY
    assert (bad_of(county, "clerk0", "post"), bad_of(county, "window0", "post")) == (0, 1)
    assert bad_of(county, "supervisor", "watch") == 1


def test_the_bureau_that_was_late_stands_in_public_and_in_the_sheet_of_the_month(county):
    case = county.passed_on(county.accepted(county.bureau_matter()), "bureau_examiner")
    grant(case.pk, actor=county.actor("bureau_approver"))
    make_result(case.pk, actor=county.actor("county_window"))
    handing = Handing(way="post", receiver="王小示", tracking_number="X1")
    case = deliver(case.pk, handing, actor=county.actor("county_window"))
    rating = given_by(case, level=2, details=("209",))
    assert case.accept_path != county.bureau.path  # the window accepted, the bureau decided
    judged(county, rating, county.bureau.path)
    now = read_moment().at
    public = {one.path: levels for one, levels in levels_by_township(now)}
    assert (public[county.bureau.path], public[county.townships[0].path]) == ({2: 1}, {})
    page = Client().get(reverse("ratings_public"))
    assert next(row for row in page.context["rows"] if row["hall"] == county.bureau.name)["share"] == ""
    march = act_sheet(Period(PeriodKind.MONTH, now.date().replace(day=1)), county.hall.path)
    bureau, township = march[county.bureau.path], march[county.townships[0].path]
    assert (bureau["rated_bad"], bureau["ratings_answered_for"], bureau["rated"]) == (1, 1, 0)
    assert (township["rated_bad"], township["rated_valid"], township["rated"]) == (0, 0, 1)


def test_a_rating_of_a_village_found_to_be_the_townships_is_shown_so_to_everybody(county):
    rating = bad(county)
    judged(county, rating, county.townships[0].path)
    now = read_moment().at
    assert {one.path: levels for one, levels in levels_below(county.townships[0], now)} == {
        county.townships[0].path: {1: 1}
    }
    assert {one.path: levels for one, levels in levels_by_township(now)}[county.townships[0].path] == {1: 1}


def test_a_month_keeps_what_was_not_judged_in_it_and_the_next_names_who_answers_for_it(county):
    rating = bad(county)
    at("2026-04-01 10:00")
    judged(county, rating, county.townships[0].path)
    march = act_sheet(Period(PeriodKind.MONTH, read_moment().at.date().replace(month=3, day=1)), county.hall.path)
    april = act_sheet(Period(PeriodKind.MONTH, read_moment().at.date().replace(month=4, day=1)), county.hall.path)
    township = county.townships[0].path
    assert (march[township]["rated_bad"], march[township]["ratings_answered_for"]) == (1, 0)
    assert (april[township]["rated_bad"], april[township]["ratings_answered_for"]) == (0, 1)


def test_another_body_only_with_a_reason_and_only_one_that_took_part(county):
    rating = bad(county)
    with pytest.raises(Invalid, match="理由"):
        judged(county, rating, county.townships[0].path, why="")
    director = county.actor("director0")
    for seat, words in ((county.townships[1].path, "办过这一件"), ("", "还没有选")):
        with pytest.raises(Invalid, match=words) as told:
            verify_rating(rating.pk, actor=director, is_valid=True, note="属实", held=Held(seat, WHY))
        assert told.value.field == "seat"


def test_the_responsible_body_may_appeal_and_nobody_moves_it_silently(county):
    rating = bad(county)
    with pytest.raises((NotFound, NotPermitted)):
        appeal_rating(rating.pk, actor=county.actor("window0"), reason="不是窗口的事")
    judged(county, rating, county.townships[0].path)
    appeal_rating(rating.pk, actor=county.actor("window0"), reason="不是窗口的事")
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE supervision_rating SET held_path = path WHERE id = %s", [rating.pk])


def test_both_bodies_read_who_is_responsible_and_why(county):
    rating = bad(county)
    judged(county, rating, county.townships[0].path)
    for who in ("clerk0", "window0", "director0", "supervisor"):
        client = Client()
        client.force_login(User.objects.get(pk=county.people[who].pk))
        shown = client.get(reverse("rating", args=[rating.pk])).content.decode()
        assert f"责任单位：{county.townships[0].name}（{WHY}）" in shown, who


def test_whoever_judges_is_told_who_was_late_and_has_to_choose(county):
    rating = bad(county)
    called(rating.pk, county.actor("director0"))
    client = Client()
    client.force_login(User.objects.get(pk=county.people["director0"].pk))
    page = reverse("rating", args=[rating.pk])
    assert "没有超期" in client.get(page).content.decode()
    answer = client.post(page, {"act": "valid", "verify-note": "属实"})
    assert answer.status_code == 422
    assert "还没有选责任单位" in answer.content.decode()
    assert "属实" in answer.content.decode()


def test_what_two_persons_found_without_ground_is_held_against_nobody(county):
    rating = bad(county)
    called(rating.pk, county.actor("director0"))
    verify_rating(rating.pk, actor=county.actor("director0"), is_valid=False, note="按指南收的材料", shown=WHY)
    client = Client()
    client.force_login(User.objects.get(pk=county.people["director0"].pk))
    page = reverse("rating", args=[rating.pk])
    assert "确认没有依据前照旧计入" in client.get(page).content.decode()
    answer_rater(rating.pk, actor=county.actor("supervisor"), is_explained=True, note="按指南收的材料，已说明")
    shown = client.get(page).content.decode()
    assert "不计在任何单位（没有依据）" in shown
    assert "确认没有依据前照旧计入" not in shown
    assert "核实前先计在" not in shown
