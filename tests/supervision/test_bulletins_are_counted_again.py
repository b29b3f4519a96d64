"""A draft with figures that the events do not have is neither reviewed nor signed, by whose hand ever it came."""

import pytest
from django.test import Client

from applications.actions.deem_accepted import deem_accepted
from halls.acting import system_actor
from halls.domain.errors import Refused
from halls.selectors.work_calendar import read_moment
from supervision.actions.close_month import close_month, digest_of
from supervision.actions.draft_bulletin import draft_bulletin
from supervision.actions.draft_due import draft_what_is_due
from supervision.actions.drop_bulletin import drop_bulletin
from supervision.actions.redraft_bulletin import redraft_bulletin
from supervision.actions.review_bulletin import review_bulletin
from supervision.actions.sign_bulletin import sign_bulletin
from supervision.domain.periods import Period, PeriodKind
from supervision.models import Anchor, Bulletin, MonthAdjustment, MonthClose
from supervision.selectors.month_closes import standing
from tests.supervision.bulletins import MARCH, forged, make_late, signed, timely
from tests.supervision.county import at

pytestmark = pytest.mark.django_db
FEBRUARY = MARCH.previous
WEEK = Period(PeriodKind.WEEK, MARCH.last.replace(day=23))
SILENT = Period(PeriodKind.WEEK, MARCH.last.replace(day=30))  # ends in April


def put_instead(row, content):
    """As the site's database role may: its own draft of the period, before or after that of the machine."""
    return Bulletin.objects.create(
        county=row.county, kind=row.kind, first=row.first, turn=row.turn + 1, content=content,
        digest=digest_of(content), drafted_at=row.drafted_at,
    )  # fmt: skip


def dropped(march, row):
    return drop_bulletin(row.pk, actor=march.actor("supervisor"), version=row.version, reason="作废")


@pytest.mark.parametrize("period", [MARCH, WEEK])
def test_invented_figures_are_named_and_the_draft_is_not_reviewed(march, period):
    row = draft_bulletin(march.hall, period)
    dropped(march, row)
    invented = put_instead(row, forged(row, on_time="77", late="0"))
    with pytest.raises(Refused, match=r"乡镇（街道）办件·.*的按时决定（草稿 77，记录 \d+）") as refused:
        review_bulletin(invented.pk, actor=march.actor("supervisor"), version=invented.version)
    assert refused.value.code == "figures_differ"
    assert "作废" in refused.value.cure
    invented.refresh_from_db()
    assert invented.reviewed_at is None


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("summary", "总体情况的文字"), ("corrections", "更正"), ("ranking", "排名的规则和不排名的单位"),
        ("chart", "图"),
        ("columns", "指标定义"), ("comparison", "与上期比较·收件的上期"), ("invented", "invented"),
    ],
)  # fmt: skip
def test_nothing_else_of_a_draft_is_invented_either(march, key, words):
    row = draft_bulletin(march.hall, MARCH)
    dropped(march, row)
    content = forged(row)
    if key == "comparison":
        content["comparison"][0]["before"] = "999"
    elif key == "ranking":
        content["ranking"]["why"] = "县里定的"
    else:
        content[key] = ["编的"]
    invented = put_instead(row, content)
    with pytest.raises(Refused, match=words):
        review_bulletin(invented.pk, actor=march.actor("supervisor"), version=invented.version)


@pytest.mark.parametrize("period", [MARCH, WEEK])
@pytest.mark.parametrize(
    ("key", "invented", "words"),
    [
        ("counted", "按省里核定的数字，县长已审定。", "统计时间的说明"),
        ("counted", "按 2026年4月1日 06:00 的记录统计，最后一条记录为第 1 号。", "统计时间的说明"),
        ("anchor", "锚点第 999 号 AAAA", "锚点"),
        ("anchor", "尚无锚点", "锚点"),
    ],
)
def test_neither_the_anchor_nor_the_moment_of_counting_is_invented(march, period, key, invented, words):
    anchored("a", 0)
    at("2026-04-01 07:00")
    anchored("b", 1)
    row = draft_bulletin(march.hall, period)
    dropped(march, row)
    fake = put_instead(row, row.content | {key: invented})
    with pytest.raises(Refused, match=words) as refused:
        review_bulletin(fake.pk, actor=march.actor("supervisor"), version=fake.version)
    assert refused.value.code == "figures_differ"


@pytest.mark.parametrize("period", [MARCH, WEEK])
def test_anchors_and_events_of_after_the_draft_do_not_make_it_untrue(march, second, period):
    anchored("a", 0)
    at("2026-04-02 06:00")
    row = draft_bulletin(march.hall, period)
    at("2026-04-03 06:00")
    anchored("b", 1)
    march.filed(march.matter())
    row = review_bulletin(row.pk, actor=march.actor("supervisor"), version=row.version)
    assert sign_bulletin(row.pk, actor=second, version=row.version).content["anchor"].startswith("锚点第 1 号")


def anchored(digit, before):
    return Anchor.objects.create(serial=before + 1, made_at=read_moment().at, digest=digit * 64, events=1)


def test_what_moved_since_the_review_is_not_signed_until_it_is_a_dated_correction(march, second):
    first = march.actor("supervisor")
    row = draft_bulletin(march.hall, MARCH)
    row = review_bulletin(row.pk, actor=first, version=row.version)
    make_late(timely())
    with pytest.raises(Refused, match="的超期决定（草稿"):
        sign_bulletin(row.pk, actor=second, version=row.version)
    dropped(march, row)
    draft_what_is_due()
    again = Bulletin.objects.get(kind="month", first=MARCH.first, dropped_at__isnull=True)
    assert any("的超期决定由" in line for line in again.content["corrections"])
    again = review_bulletin(again.pk, actor=first, version=again.version)
    assert sign_bulletin(again.pk, actor=second, version=again.version).serial == 1


def test_a_correction_that_no_paper_prints_is_not_left_out(march):
    row = draft_bulletin(march.hall, MARCH)
    dropped(march, row)
    make_late(timely())
    draft_what_is_due()
    again = Bulletin.objects.get(kind="month", first=MARCH.first, dropped_at__isnull=True)
    dropped(march, again)
    silent = put_instead(again, again.content | {"corrections": []})
    with pytest.raises(Refused, match=r"的超期决定由 .*（没有印出）"):
        review_bulletin(silent.pk, actor=march.actor("supervisor"), version=silent.version)


@pytest.mark.parametrize("is_silent", [True, False])
def test_an_invented_correction_of_the_month_before_is_neither_compared_with_nor_printed(march, second, is_silent):
    put_off_february(march, 500)
    row = draft_bulletin(march.hall, MARCH)
    assert "更正为" in row.content["corrections"][0]
    if is_silent:
        dropped(march, row)
        row = put_instead(row, row.content | {"corrections": []})
    with pytest.raises(Refused, match=r"2026年2月东乡的.*（月结及更正 50\d，记录 \d，没有登记更正）"):
        review_bulletin(row.pk, actor=march.actor("supervisor"), version=row.version)
    dropped(march, row)
    draft_what_is_due()
    again = Bulletin.objects.get(kind="month", first=MARCH.first, dropped_at__isnull=True)
    assert again.content["corrections"] == []  # invented and taken back: the figure never moved
    again = review_bulletin(again.pk, actor=march.actor("supervisor"), version=again.version)
    assert sign_bulletin(again.pk, actor=second, version=again.version).serial == 1


def test_what_is_invented_after_the_review_is_not_signed(march, second):
    february = signed(march, second, FEBRUARY)
    row = draft_bulletin(march.hall, MARCH)
    row = review_bulletin(row.pk, actor=march.actor("supervisor"), version=row.version)
    put_off_february(march, 500)
    with pytest.raises(Refused, match="2026年2月东乡的"):
        sign_bulletin(row.pk, actor=second, version=row.version)
    assert february.serial == 1


def test_a_month_that_was_closed_with_invented_figures_is_not_compared_with(march):
    figures = {march.townships[0].path: {"finished": 500}}
    MonthClose.objects.create(
        county=march.hall, first=FEBRUARY.first, figures=figures, columns=["finished"], digest=digest_of(figures),
        events=0, closed_at=read_moment().at,
    )  # fmt: skip
    row = draft_bulletin(march.hall, MARCH)
    with pytest.raises(Refused, match="2026年2月东乡的作出决定（月结及更正 500，"):
        review_bulletin(row.pk, actor=march.actor("supervisor"), version=row.version)


def put_off_february(march, by):
    """As the site's database role may: a correction of a closed month, out of nothing."""
    closed = close_month(march.hall, FEBRUARY)
    path = march.townships[0].path
    stands = standing(closed).get(path, {}).get("finished", 0)
    MonthAdjustment.objects.create(
        closed=closed, path=path, column="finished", before=stands, after=stands + by, found_at=read_moment().at
    )


def test_the_page_names_the_figures_keeps_the_remarks_and_leads_to_the_cure(march, second):
    row = draft_bulletin(march.hall, MARCH)
    make_late(timely())
    client = Client()
    client.force_login(march.people["supervisor"])
    page = f"/supervision/bulletins/{row.pk}/"
    answer = client.post(f"{page}review/", {"version": row.version, "remarks": "请各乡镇抓紧办理。"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "的超期决定（草稿" in text
    assert "请各乡镇抓紧办理。</textarea>" in text
    assert 'href="#drop"' in text
    row.refresh_from_db()
    assert row.reviewed_at is None


def test_a_week_that_silence_moved_is_drafted_anew_in_one_press_and_loses_no_remarks(march, second):
    at("2026-04-01 10:00")
    case = march.received(march.matter(promised=1))
    at("2026-04-07 06:00")
    row = draft_bulletin(march.hall, SILENT)
    row = review_bulletin(row.pk, actor=march.actor("supervisor"), version=row.version)
    at("2026-04-10 00:05")
    deem_accepted(case.pk, actor=system_actor())
    with pytest.raises(Refused, match="受理（草稿 0，记录 1）") as refused:
        sign_bulletin(row.pk, actor=second, version=row.version)
    assert refused.value.cure == "请把这份草稿作废、按现在的记录重新起草，再重新审核。"
    client = Client()
    client.force_login(march.people["supervisor"])
    typed = {"version": row.version, "remarks": "请各乡镇\n按时受理。"}
    answer = client.post(f"/supervision/bulletins/{row.pk}/review/", typed)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert 'name="redraft"' in text
    assert f'value="{typed["remarks"]}"' in text
    pressed = client.post(f"/supervision/bulletins/{row.pk}/drop/", typed | {"redraft": "1"})
    assert f"{typed['remarks']}</textarea>" in pressed.content.decode()
    again = Bulletin.objects.get(kind="week", first=SILENT.first, dropped_at__isnull=True)
    assert again.turn == row.turn + 1
    assert f"/supervision/bulletins/{again.pk}/review/" in pressed.content.decode()
    again = review_bulletin(again.pk, actor=march.actor("supervisor"), version=again.version)
    assert sign_bulletin(again.pk, actor=second, version=again.version).serial == 1


def test_a_month_is_not_drafted_anew_in_one_press(march):
    row = draft_bulletin(march.hall, MARCH)
    with pytest.raises(Refused, match="每月通报由系统在后台重新起草"):
        redraft_bulletin(row.pk, actor=march.actor("supervisor"), version=row.version, reason="数字变了")
    row.refresh_from_db()
    assert row.dropped_at is None


def test_a_true_draft_costs_one_sheet_more_at_each_signature(march, second, django_assert_max_num_queries):
    row = draft_bulletin(march.hall, MARCH)
    with django_assert_max_num_queries(85):
        row = review_bulletin(row.pk, actor=march.actor("supervisor"), version=row.version)
    with django_assert_max_num_queries(90):
        sign_bulletin(row.pk, actor=second, version=row.version)
    assert signed(march, second, WEEK).serial == 1
