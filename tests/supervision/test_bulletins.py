"""Bulletins: drafted by the machine, reviewed by one, signed by another, told to whoever reads them."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime

from halls.domain.errors import NotFound, Refused, Stale
from halls.models import User
from halls.selectors.work_calendar import load_calendar
from supervision.actions.draft_bulletin import draft_bulletin
from supervision.actions.draft_due import draft_what_is_due
from supervision.actions.drop_bulletin import drop_bulletin
from supervision.actions.review_bulletin import review_bulletin
from supervision.actions.sign_bulletin import sign_bulletin
from supervision.domain.periods import Period, PeriodKind
from supervision.models import Bulletin, Message, MonthClose
from supervision.selectors.bulletins import missing_periods, paged
from supervision.selectors.period_sheet import sheet_of
from tests.supervision.bulletins import MARCH, signed
from tests.supervision.county import at

pytestmark = pytest.mark.django_db


def test_the_statements_of_a_sheet_do_not_grow_with_the_cases(march, django_assert_num_queries):
    with django_assert_num_queries(25):
        sheet_of(MARCH, march.hall, load_calendar())


def test_beat_drafts_last_week_and_last_month_once(march):
    assert draft_what_is_due() == 2
    assert draft_what_is_due() == 0
    assert set(Bulletin.objects.values_list("kind", "first")) == {
        ("week", date(2026, 3, 23)),
        ("month", date(2026, 3, 1)),
    }
    assert set(MonthClose.objects.values_list("first", flat=True)) == {date(2026, 2, 1), MARCH.first}


def test_one_reviews_another_signs_and_the_number_follows(march, second):
    first = march.actor("supervisor")
    row = draft_bulletin(march.hall, MARCH)
    with pytest.raises(Refused, match="还没有人审核"):
        sign_bulletin(row.pk, actor=first, version=row.version)
    row = review_bulletin(row.pk, actor=first, version=row.version, remarks="")
    with pytest.raises(Refused, match="同一个人"):
        sign_bulletin(row.pk, actor=first, version=row.version)
    with pytest.raises(Stale):
        sign_bulletin(row.pk, actor=second, version=row.version - 1)
    row = sign_bulletin(row.pk, actor=second, version=row.version)
    assert paged(row)["number"].endswith("政务通报〔2026〕1号")
    with pytest.raises(Refused, match="已经签发"):
        drop_bulletin(row.pk, actor=first, version=row.version, reason="不要了")
    week = signed(march, second, Period(PeriodKind.WEEK, date(2026, 3, 23)))
    assert paged(week)["number"].endswith("政务统计〔2026〕1号")


def test_a_township_sees_what_is_published_and_no_draft(march, second):
    director = march.actor("director0")
    row = draft_bulletin(march.hall, MARCH)
    with pytest.raises(NotFound):
        review_bulletin(row.pk, actor=director, version=row.version)
    client = Client()
    client.force_login(march.people["director0"])
    assert client.get(f"/supervision/bulletins/{row.pk}/").status_code == 404
    row = review_bulletin(row.pk, actor=march.actor("supervisor"), version=row.version)
    sign_bulletin(row.pk, actor=second, version=row.version)
    assert client.get(f"/supervision/bulletins/{row.pk}/").status_code == 200


def test_dropping_drafts_anew_and_keeps_what_was_dropped(march):
    first = march.actor("supervisor")
    row = draft_bulletin(march.hall, MARCH)
    with pytest.raises(Refused, match="已经有一份"):
        draft_bulletin(march.hall, MARCH)
    drop_bulletin(row.pk, actor=first, version=row.version, reason="漏了补录的办件")
    with pytest.raises(Refused, match="后台起草"):  # counting takes long: the worker does it
        draft_bulletin(march.hall, MARCH, actor=first)
    assert missing_periods(march.hall, date(2026, 4, 1)) == [Period(PeriodKind.WEEK, date(2026, 3, 23)), MARCH]
    assert draft_what_is_due() == 2
    assert list(Bulletin.objects.filter(kind="month").values_list("turn", flat=True)) == [2, 1]
    assert missing_periods(march.hall, date(2026, 4, 1)) == []


def test_whoever_drops_a_draft_sees_what_the_machine_has_yet_to_draft(march):
    row = draft_bulletin(march.hall, MARCH)
    client = Client()
    client.force_login(march.people["supervisor"])
    page = client.post(
        f"/supervision/bulletins/{row.pk}/drop/", {"version": row.version, "reason": "漏了补录的办件"}, follow=True
    )
    assert "等待系统起草" in page.content.decode()
    assert "2026年3月" in page.content.decode()
    assert draft_what_is_due() == 2
    assert "等待系统起草" not in client.get("/supervision/bulletins/").content.decode()


def test_after_a_month_without_a_worker_every_month_is_closed_and_every_paper_drafted(march):
    draft_what_is_due()
    at("2026-06-02 06:00")
    draft_what_is_due()
    months = [date(2026, month, 1) for month in (2, 3, 4, 5)]
    assert sorted(MonthClose.objects.values_list("first", flat=True)) == months
    assert sorted(Bulletin.objects.filter(kind="month").values_list("first", flat=True)) == months[1:]
    assert Bulletin.objects.filter(kind="week").count() == 10  # from that of 23 March to that of 25 May


def test_both_signatures_are_of_people_who_may_and_who_hear_of_it(march, second):
    row = draft_bulletin(march.hall, MARCH)
    row = review_bulletin(row.pk, actor=march.actor("supervisor"), version=row.version)
    clerk = march.people["window0"]
    for forged in (
        {"reviewed_by_id": clerk.pk, "reviewed_person": clerk.person_code},
        {"reviewed_person": "x"},
        {"signed_by_id": clerk.pk, "signed_person": clerk.person_code, "published_at": row.drafted_at,
         "year": 2026, "serial": 1},
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            Bulletin.objects.filter(pk=row.pk).update(**forged)
    at("2026-04-01 07:00")
    Bulletin.objects.filter(pk=row.pk).update(reviewed_by=second.user_id, reviewed_person=second.person_code)
    stamped = localtime(Bulletin.objects.values_list("reviewed_at", flat=True).get(pk=row.pk))
    assert f"{stamped:%H:%M}" == "07:00"  # not under the moment of another's
    told = Message.objects.filter(key__startswith="signature:bulletin").values_list("user_id", "words")
    assert {user for user, _words in told} == {march.people["supervisor"].pk, second.user_id}
    assert all("审核统计通报 2026年3月。" in words for _user, words in told)  # as the page and the list call it
    client = Client()
    client.force_login(User.objects.get(pk=march.people["supervisor"].pk))
    assert "政务服务情况通报 2026年3月" in client.get(reverse("bulletin", args=[row.pk])).context["page_title"]


def test_a_reviewer_who_left_the_post_stands_behind_nothing(march, second):
    row = draft_bulletin(march.hall, MARCH)
    row = review_bulletin(row.pk, actor=march.actor("supervisor"), version=row.version)
    User.objects.filter(pk=march.people["supervisor"].pk).update(is_active=False)
    with pytest.raises(Refused, match="审核人"):
        sign_bulletin(row.pk, actor=second, version=row.version)


def test_who_has_to_review_to_sign_or_to_read_is_told(march, second):
    row = draft_bulletin(march.hall, MARCH)
    page = f"/supervision/bulletins/{row.pk}/"

    def told(version):
        return set(Message.objects.filter(key=f"bulletin:{row.pk}:{version}").values_list("user_id", flat=True))

    both = {march.people["supervisor"].pk, second.user_id}
    assert told(row.version) >= both
    client = Client()
    client.force_login(march.people["supervisor"])
    assert "统计通报 1 份" in client.get("/supervision/").content.decode()
    row = review_bulletin(row.pk, actor=march.actor("supervisor"), version=row.version)
    assert second.user_id in told(row.version)
    assert march.people["supervisor"].pk not in told(row.version)
    assert "统计通报 1 份" not in client.get("/supervision/").content.decode()
    row = sign_bulletin(row.pk, actor=second, version=row.version)
    assert told(row.version) >= both | {march.people["director0"].pk, march.people["director1"].pk}
    assert march.people["window0"].pk not in told(row.version)
    assert Message.objects.filter(key=f"bulletin:{row.pk}:{row.version}")[0].detail == {"page": page}


def test_the_list_goes_on_behind_its_first_page(march, monkeypatch):
    monkeypatch.setattr("supervision.views.bulletins.PAGE", 2)
    for first in (date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16)):
        draft_bulletin(march.hall, Period(PeriodKind.WEEK, first))
    client = Client()
    client.force_login(march.people["supervisor"])
    page = client.get("/supervision/bulletins/")
    assert [row["label"][:8] for row in page.context["rows"]] == ["2026年第12", "2026年第11"]
    page = client.get(page.context["next_url"])
    assert [row["label"][:8] for row in page.context["rows"]] == ["2026年第10"]
    assert client.get("/supervision/bulletins/?after=2026-03-02T00:00:00~1").status_code == 200


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE supervision_bulletin SET content = '{}'",
        "UPDATE supervision_bulletin SET remarks = 'x'",
        "DELETE FROM supervision_bulletin",
        "UPDATE supervision_monthclose SET figures = '{}'",
        "DELETE FROM supervision_monthclose",
    ],
)
def test_the_database_lets_nobody_rewrite_a_paper_or_a_month(march, second, statement):
    signed(march, second)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
