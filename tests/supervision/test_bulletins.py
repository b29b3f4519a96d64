"""Statistics and bulletins: counted from the books, closed once, reviewed by one, signed by another, printed thrice."""

import io
import zipfile
from collections import Counter, defaultdict
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.test import Client
from django.utils.timezone import localtime
from openpyxl import load_workbook

from applications.actions.grant import grant
from applications.models import Application, Event
from halls.acting import acting_user
from halls.domain.duties import PostKind
from halls.domain.errors import NotFound, Refused, Stale
from halls.domain.worktime import day_of
from halls.models import User
from halls.selectors.work_calendar import load_calendar
from supervision.actions.close_month import adjust_month, close_month
from supervision.actions.draft_bulletin import draft_bulletin
from supervision.actions.draft_due import draft_what_is_due, recount_months
from supervision.actions.drop_bulletin import drop_bulletin
from supervision.actions.review_bulletin import review_bulletin
from supervision.actions.sign_bulletin import sign_bulletin
from supervision.actions.sweep import sweep
from supervision.domain.columns import HIDDEN, OF_ACTS
from supervision.domain.periods import Period, PeriodKind
from supervision.models import Bulletin, LimitWarning, Message, MonthAdjustment, MonthClose
from supervision.papers import bulletin_docx, bulletin_xlsx
from supervision.selectors.bulletins import missing_periods, paged
from supervision.selectors.period_sheet import sheet_of
from tests.factories.halls import person_in_post
from tests.supervision.conftest import make_busy
from tests.supervision.county import at

pytestmark = pytest.mark.django_db
MARCH = Period(PeriodKind.MONTH, date(2026, 3, 1))


@pytest.fixture
def march(county):
    """A busy month that is over."""
    make_busy(county)
    at("2026-04-01 06:00")
    sweep()
    return county


@pytest.fixture
def second(county):
    return acting_user(person_in_post(PostKind.SUPERVISOR, county.hall))


def signed(county, second, period=MARCH):
    row = draft_bulletin(county.hall, period)
    row = review_bulletin(row.pk, actor=county.actor("supervisor"), version=row.version, remarks="请各乡镇抓紧办理。")
    return sign_bulletin(row.pk, actor=second, version=row.version)


def streamed(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def body_of(path):
    parts = path.split("/")
    return "/".join(parts[:2]) + "/" if parts[1] else path


OF_VERB = {
    "receive": "received",
    "accept": "accepted",
    "handle_immediately": "accepted",
    "decline": "declined",
    "withdraw": "withdrawn",
    "deem_withdrawn": "withdrawn",
    "grant": "finished",
    "refuse": "finished",
}


def recounted(case):
    """What the events of one case say of March: plain Python, nothing of the selector."""
    told = list(Event.objects.filter(application=case).order_by("seq").values_list("verb", "at"))
    within = [(verb, moment) for verb, moment in told if MARCH.holds(moment)]
    found = Counter(OF_VERB[verb] for verb, _moment in within if verb in OF_VERB)
    if "deem_accepted" in dict(told) and MARCH.holds(dict(told)["receive"]):  # 自收到之日起即为受理
        found["accepted"] += 1
    for moment in (then for verb, then in within if verb in ("grant", "refuse")):
        found["late" if case.due_at and moment > case.due_at else "on_time"] += 1
        found["early"] += bool(case.due_at and day_of(moment) < day_of(case.due_at))
    found["open"] += case.ended_at is None or case.ended_at >= MARCH.ends_at
    return found


def recounted_at_organs(case):
    """What they say of the department that decided, and of the one where the case lay when March ended."""
    told = list(Event.objects.filter(application=case).order_by("seq").values_list("verb", "at", "detail"))
    seats = [body_of(case.path)]
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for verb, moment, detail in told:
        if verb in ("grant", "refuse") and MARCH.holds(moment):
            counts = recounted(case)
            found[seats[-1]] += Counter({key: counts[key] for key in ("finished", "on_time", "late", "early")})
        if moment < MARCH.ends_at and detail.get("seat"):
            seats.append(body_of(detail["seat"]))
    if recounted(case)["open"]:
        found[seats[-1]]["open"] += 1
    return {path: counts for path, counts in found.items() if "~" in path}


def test_every_count_equals_a_recount_from_events(county):
    make_busy(county)
    decided = county.passed_on(county.accepted(county.bureau_matter()), "bureau_examiner")
    at("2026-03-24 10:00")
    grant(decided.pk, actor=county.actor("bureau_approver"))
    at("2026-04-01 06:00")
    sweep()
    expected: dict[str, Counter[str]] = defaultdict(Counter)
    for case in Application.objects.exclude(status="draft"):
        expected[body_of(case.path)] += recounted(case)
        for path, counts in recounted_at_organs(case).items():
            expected[path] += counts
    for card in LimitWarning.objects.all():
        if MARCH.holds(card.recorded_at):
            expected[body_of(card.seat_path)][{"warning": "warnings"}.get(card.level, card.level)] += 1
    sheet = sheet_of(MARCH, county.hall, load_calendar())
    found = {line.body.path: +Counter(line.counts) for line in (*sheet.halls, *sheet.organs)}
    for counts in found.values():
        for key in (*(column.key for column in HIDDEN), *OF_ACTS):  # those of acts: test_bulletins_of_acts.py
            del counts[key]
    assert {path: +counts for path, counts in expected.items() if +counts} == {
        path: counts for path, counts in found.items() if counts
    }
    assert expected[county.bureau.path].keys() >= {"open", "finished", "on_time"}


def test_the_statements_of_a_sheet_do_not_grow_with_the_cases(march, django_assert_num_queries):
    with django_assert_num_queries(21):
        sheet_of(MARCH, march.hall, load_calendar())


def test_beat_drafts_last_week_and_last_month_once(march):
    assert draft_what_is_due() == 2
    assert draft_what_is_due() == 0
    assert set(Bulletin.objects.values_list("kind", "first")) == {
        ("week", date(2026, 3, 23)),
        ("month", date(2026, 3, 1)),
    }
    assert set(MonthClose.objects.values_list("first", flat=True)) == {date(2026, 2, 1), MARCH.first}


def test_a_period_that_is_not_over_has_no_paper(county):
    with pytest.raises(Refused, match="还没有结束"):
        draft_bulletin(county.hall, MARCH)
    with pytest.raises(Refused, match="还没有过完"):
        close_month(county.hall, MARCH)


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


def test_a_closed_month_stays_and_a_later_change_is_dated(march):
    closed = close_month(march.hall, MARCH)
    before = closed.figures
    assert adjust_month(closed) == []
    make_late(timely())
    at("2026-05-01 06:00")
    april = Period(PeriodKind.MONTH, date(2026, 4, 1))
    assert recount_months(march.hall) == 3  # late, on_time, early
    row = draft_bulletin(march.hall, april)
    words = "".join(row.content["corrections"])
    assert "2026年3月" in words
    assert "的超期决定由" in words
    assert MonthClose.objects.get(first=MARCH.first).figures == before
    count = MonthAdjustment.objects.count()
    adjust_month(closed)
    assert MonthAdjustment.objects.count() == count  # once, not again every night


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


def make_late(case):
    """As a calendar of later would: the promise ends before the decision."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE applications_application DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE applications_application SET due_at = decided_at - interval '1 day' WHERE id = %s", [case.pk]
        )
        cursor.execute("ALTER TABLE applications_application ENABLE TRIGGER USER")


def timely(number=0):
    decided = Application.objects.filter(decided_at__gte=MARCH.begins_at, due_at__gte=F("decided_at"))
    return decided.order_by("pk")[number]


def late_in(row, place=0):
    table = row.content["tables"][0]
    return table["rows"][place]["cells"][table["keys"].index("late")]


def test_a_redraft_prints_the_closed_figures_with_what_was_corrected_and_nobody_corrects_it_again(march, second):
    row = draft_bulletin(march.hall, MARCH)
    before = late_in(row, -1)
    make_late(timely())
    drop_bulletin(row.pk, actor=second, version=row.version, reason="漏了补录的办件")
    draft_what_is_due()
    again = Bulletin.objects.get(kind="month", first=MARCH.first, dropped_at__isnull=True)
    assert int(late_in(again, -1)) == int(before) + 1
    assert any("的超期决定由" in line and "本期各表已是更正后的数" in line for line in again.content["corrections"])
    assert MonthAdjustment.objects.filter(column="late").count() == 1
    at("2026-05-01 06:00")
    draft_what_is_due()
    april = Bulletin.objects.get(kind="month", first=date(2026, 4, 1))
    assert april.content["corrections"] == []


def test_the_month_before_is_compared_as_it_stands(march):
    closed = close_month(march.hall, MARCH)
    make_late(timely())
    at("2026-05-01 06:00")
    row = draft_bulletin(march.hall, Period(PeriodKind.MONTH, date(2026, 4, 1)))
    told = {one["label"]: one["before"] for one in row.content["comparison"]}
    assert told["超期决定"] == str(sum(one.get("late", 0) for path, one in closed.figures.items() if "~" not in path))


def test_a_correction_is_printed_by_one_paper_and_by_the_next_when_that_is_dropped(march, second):
    draft_what_is_due()
    make_late(timely())
    at("2026-05-01 06:00")
    draft_what_is_due()
    april = Bulletin.objects.get(kind="month", first=date(2026, 4, 1))
    printed = april.content["corrections"]
    assert any("2026年3月" in line for line in printed)
    drop_bulletin(april.pk, actor=second, version=april.version, reason="文字有误")
    draft_what_is_due()
    again = Bulletin.objects.get(kind="month", first=date(2026, 4, 1), dropped_at__isnull=True)
    assert again.content["corrections"] == printed
    at("2026-06-01 06:00")
    draft_what_is_due()
    assert Bulletin.objects.get(kind="month", first=date(2026, 5, 1)).content["corrections"] == []


def test_a_month_of_years_ago_is_counted_again_too(march):
    draft_what_is_due()
    make_late(timely())
    at("2027-12-01 06:00")
    assert recount_months(march.hall) == 3  # late, on_time, early


def test_a_round_that_is_killed_has_drafted_the_week_and_goes_on_where_it_stopped(march, monkeypatch):
    draft_what_is_due()
    counted: list[str] = []

    def counting(closed, *, most=1):
        if len(counted) == most:
            raise KeyboardInterrupt  # as a worker that is stopped
        counted.append(f"{closed.first:%m}")
        return []

    at("2026-05-01 06:00")
    monkeypatch.setattr("supervision.actions.draft_due.adjust_month", counting)
    with pytest.raises(KeyboardInterrupt):
        draft_what_is_due()
    assert Bulletin.objects.filter(kind="week").count() == 5  # all that are over
    monkeypatch.setattr("supervision.actions.draft_due.adjust_month", partial(counting, most=9))
    assert draft_what_is_due() == 1
    assert counted == ["02", "03", "04"]
    assert recount_months(march.hall) == 0
    assert counted[3:] == ["02", "03", "04"]  # the next round is a whole one


@pytest.mark.parametrize("forged", [{"before": 7}, {"column": "nothing"}, {"path": "9/"}, {"after": -1}])
def test_a_correction_begins_where_the_figure_stands(march, forged):
    closed = close_month(march.hall, MARCH)
    path = march.townships[0].path
    stands = closed.figures[path].get("late", 0)
    row = {"closed": closed, "path": path, "column": "late", "before": stands, "after": stands + 1}
    with pytest.raises(DatabaseError), transaction.atomic():
        MonthAdjustment.objects.create(found_at=MARCH.ends_at, **row | forged)
    MonthAdjustment.objects.create(found_at=MARCH.ends_at, **row)
    with pytest.raises(DatabaseError), transaction.atomic():  # it stands at the corrected figure now
        MonthAdjustment.objects.create(found_at=MARCH.ends_at, **row)


@pytest.mark.parametrize("figures", [[], {"1/": 3}, {"1/": {"late": "x"}}, {"1/": {"nothing": 1}}, {"9/": {"late": 1}}])
def test_a_month_is_closed_with_counts_alone(march, figures):
    if isinstance(figures, dict) and "1/" in figures:
        figures = {march.hall.path: figures["1/"]}
    with pytest.raises(DatabaseError), transaction.atomic():
        MonthClose.objects.create(
            county=march.hall, first=MARCH.first, figures=figures, columns=["late"], digest="", events=0,
            closed_at=MARCH.ends_at,
        )  # fmt: skip


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
    assert all("审核统计通报" in words for _user, words in told)


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


def test_word_and_excel_say_what_the_page_says(march, second):
    row = signed(march, second)
    content = paged(row)
    with zipfile.ZipFile(io.BytesIO(bulletin_docx(content))) as book:
        text = book.read("word/document.xml").decode()
    for words in (
        content["number"],
        *content["summary"],
        "请各乡镇抓紧办理。",
        "乡镇（街道）按时决定率排名",
        "指标定义",
    ):
        assert words in text
    sheets = load_workbook(io.BytesIO(bulletin_xlsx(content)))
    rows = list(sheets["乡镇（街道）"].values)
    assert len(rows) == len(content["tables"][0]["rows"]) + 1
    assert rows[-1][1] == int(content["tables"][0]["rows"][-1]["cells"][0])


def test_pages_and_files_open_for_whoever_watches_the_county(march, second):
    row = signed(march, second)
    client = Client()
    client.force_login(march.people["supervisor"])
    page = client.get(f"/supervision/bulletins/{row.pk}/")
    assert paged(row)["number"] in page.content.decode()
    pdf = client.get(f"/supervision/bulletins/{row.pk}/file.pdf")
    assert streamed(pdf).startswith(b"%PDF")
    assert pdf["Cache-Control"] == "private, no-store"
    for form in ("docx", "xlsx"):
        assert client.get(f"/supervision/bulletins/{row.pk}/file.{form}").status_code == 200
    bad = client.post("/supervision/bulletins/draft/", {"kind": "month", "first": "2026-03-02"})
    assert bad.status_code == 422
    assert client.get("/supervision/bulletins/").status_code == 200


def test_the_ledger_of_a_hall_lists_its_month_and_nobody_elses(march):
    client = Client()
    client.force_login(march.people["window0"])
    own = march.townships[0]
    page = client.get(f"/ledger/?month=2026-03&below=1&hall={own.code}").content.decode()
    numbers = {
        case.display_number
        for case in Application.objects.filter(path__startswith=own.path, received_at__gte=MARCH.begins_at)
    }
    assert numbers
    assert all(number in page for number in numbers)
    assert client.get(f"/ledger/?month=2026-03&hall={march.townships[1].code}").status_code == 404
    assert client.get("/ledger/?month=2026-13").status_code == 422
    book = client.get(f"/ledger/?month=2026-03&below=1&hall={own.code}&format=xlsx")
    sheet = load_workbook(io.BytesIO(streamed(book)))["台账"]
    assert {row[1] for row in list(sheet.values)[1:]} == numbers
