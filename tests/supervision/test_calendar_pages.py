"""The pages of the work calendar: paste, rehearse, propose, confirm as another person; and the review of cards."""

import json
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from applications.models import Event
from halls.acting import acting_user
from halls.actions.load_calendar import load_calendar
from halls.domain.duties import PostKind
from halls.domain.notice_text import read_notice
from halls.models import CalendarNotice, CalendarYear, User
from supervision import tasks
from supervision.actions.rehearse_whole import _rehearse_batch, rehearse_waiting
from supervision.actions.sweep import sweep
from supervision.figures import Present
from supervision.models import CalendarRehearsal, CardReview, LimitWarning
from supervision.selectors import calendar_report, dashboard, rehearse_calendar
from tests.factories.calendar import NEXT_YEAR
from tests.factories.halls import DATA, person_in_post
from tests.supervision.county import County, at, clock_of

pytestmark = pytest.mark.django_db
COUNTY_DAYS = {"year": "2026", "document_no": "示例府发〔2026〕3号", "days": "2026-03-04 放假 县庆"}
PROPOSE, PROPOSE_COUNTY = "calendar_propose", "calendar_propose_county"


@pytest.fixture
def staffed(county: County) -> County:
    county.people["administrator"] = person_in_post(PostKind.ADMINISTRATOR, county.hall)
    return county


def visitor(county: County, role: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=county.people[role].pk))
    return client


def text_of(answer) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def proposed(county: County, page: str = PROPOSE_COUNTY, **values) -> CalendarNotice:
    """Rehearse and propose as the administrator, the way the page does it."""
    client, values = visitor(county, "administrator"), values or COUNTY_DAYS
    shown = client.post(reverse(page), values | {"act": "rehearse"})
    assert shown.status_code == 200, text_of(shown)
    (seen,) = re.findall(r'name="seen" value="([0-9a-f]{64})"', shown.content.decode())
    answer = client.post(reverse(page), values | {"act": "propose", "seen": seen, "reason": "县庆放假"})
    assert answer.status_code == 302
    return CalendarNotice.objects.latest("pk")


def confirm(county: County, notice: CalendarNotice, role: str = "supervisor", **values):
    values = {"act": "confirm", "seen": notice.sha256, "reason": "已核对文件"} | values
    return visitor(county, role).post(reverse("calendar_notice", args=[notice.pk]), values)


# Who may


def test_who_reads_and_who_signs(staffed):
    notice = proposed(staffed)
    page = reverse("calendar_notice", args=[notice.pk])
    for role, reads, signs in (
        ("supervisor", 200, 200),
        ("administrator", 200, 200),
        ("director0", 200, 403),
        ("window0", 403, 403),
        ("clerk0", 403, 403),
    ):
        client = visitor(staffed, role)
        assert client.get(reverse("calendar")).status_code == reads, role
        assert client.get(page).status_code == reads, role
        assert client.get(reverse(PROPOSE)).status_code == signs, role
        assert client.get(reverse(PROPOSE_COUNTY)).status_code == signs, role
    assert Client().get(reverse("calendar")).status_code == 302
    assert confirm(staffed, notice, "director0").status_code == 403
    assert visitor(staffed, "supervisor").get(reverse("calendar_notice", args=[0])).status_code == 404


# Paste, rehearse, propose, confirm


def test_the_rehearsal_is_seen_before_either_presses(staffed):
    case = staffed.accepted(staffed.matter(promised=5))
    client = visitor(staffed, "supervisor")
    shown = client.post(reverse(PROPOSE_COUNTY), COUNTY_DAYS | {"act": "rehearse"})
    assert case.display_number in text_of(shown)
    assert "推后 1 件" in text_of(shown)
    assert not CalendarNotice.objects.filter(kind="county").exists()
    unseen = client.post(reverse(PROPOSE_COUNTY), COUNTY_DAYS | {"act": "propose", "seen": "x", "reason": "县庆"})
    assert unseen.status_code == 200
    assert not CalendarNotice.objects.filter(kind="county").exists()

    notice = proposed(staffed)
    assert case.display_number in text_of(client.get(reverse("calendar_notice", args=[notice.pk])))
    assert confirm(staffed, notice, seen="x").status_code == 400
    assert confirm(staffed, notice, reason=" ").status_code == 400
    assert not CalendarNotice.objects.get(pk=notice.pk).is_in_force
    assert confirm(staffed, notice).status_code == 302
    done = text_of(client.get(reverse("calendar_notice", args=[notice.pk])))
    assert "已完成，1 件的日期有变" in done
    assert Event.objects.filter(application=case, verb="recalculate").count() == 1
    assert confirm(staffed, notice).status_code == 409


def test_an_administrator_sees_numbers_and_no_cases(staffed):
    case = staffed.accepted(staffed.matter(promised=5))
    shown = text_of(visitor(staffed, "administrator").post(reverse(PROPOSE_COUNTY), COUNTY_DAYS | {"act": "rehearse"}))
    assert "推后 1 件" in shown
    assert case.display_number not in shown


def test_whoever_proposed_is_not_offered_the_confirmation_and_cannot_force_it(staffed):
    notice = proposed(staffed)
    page = visitor(staffed, "administrator").get(reverse("calendar_notice", args=[notice.pk]))
    assert "须由另一位" in text_of(page)
    assert 'value="confirm"' not in page.content.decode()
    assert confirm(staffed, notice, "administrator").status_code == 409
    assert CalendarYear.objects.get(year=2026).version == 1


def test_the_text_of_a_notice_becomes_a_published_year(staffed):
    notice = proposed(staffed, PROPOSE, text=NEXT_YEAR)
    assert confirm(staffed, notice).status_code == 302
    assert CalendarYear.objects.get(year=2027).document_no == "国办发明电〔2026〕9号"
    years = text_of(visitor(staffed, "supervisor").get(reverse("calendar")))
    assert staffed.people["administrator"].full_name in years
    assert staffed.people["supervisor"].full_name in years


@pytest.mark.parametrize("name", ["2025.json", "notice.txt"])
def test_a_file_is_read_once_and_carried_to_the_proposal(staffed, name):
    content = NEXT_YEAR.encode() if name.endswith("txt") else (DATA / "calendar" / name).read_bytes()
    client = visitor(staffed, "administrator")
    shown = client.post(reverse(PROPOSE), {"act": "rehearse", "file": SimpleUploadedFile(name, content)})
    html = shown.content.decode()
    ((field, kept),) = re.findall(r'<input type="hidden" name="(text|arrangement)" value="([^"]*)"', html)
    (seen,) = re.findall(r'name="seen" value="([0-9a-f]{64})"', html)
    values = {field: unescape(kept), "seen": seen, "act": "propose", "reason": "补录"}
    assert client.post(reverse(PROPOSE), values).status_code == 302


@pytest.mark.parametrize(
    ("page", "values", "words"),
    [
        (PROPOSE, {}, "请粘贴通知全文"),
        (PROPOSE, {"text": "你好"}, "没有找到「关于××××年部分节假日安排的通知」"),
        (PROPOSE, {"text": NEXT_YEAR.replace("1月1日（周五）", "1月1日（周四）")}, "1月1日是周五，通知写的是周四"),
        (PROPOSE, {"arrangement": "{"}, "最外层应是一个对象"),
        (PROPOSE, {"arrangement": "[" * 5000}, "最外层应是一个对象"),
        (PROPOSE, {"text": "\x00"}, "空字符"),
        (PROPOSE_COUNTY, {}, "请填年度"),
        (PROPOSE_COUNTY, COUNTY_DAYS | {"year": "9" * 30}, "2199"),
        (PROPOSE_COUNTY, COUNTY_DAYS | {"year": "2031"}, "2031 年的放假安排还没有发布"),
        (PROPOSE_COUNTY, COUNTY_DAYS | {"days": "明天 放假"}, "读不懂这一行"),
        (PROPOSE_COUNTY, COUNTY_DAYS | {"days": "2026-10-01 取消 县庆"}, "法定节假日，县里不能改"),
    ],
)
def test_bad_input_is_told_in_words_and_nothing_is_saved(staffed, page, values, words):
    before = CalendarNotice.objects.count()
    answer = visitor(staffed, "administrator").post(reverse(page), values | {"act": "rehearse"})
    assert answer.status_code == 400
    assert words in text_of(answer), text_of(answer)
    assert CalendarNotice.objects.count() == before


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("a.pdf", b"%PDF", "只能读"), ("a.json", b"{", "不是正确的 JSON"), ("a.txt", b"\xff\xfe\x00", "没有找到")],
)
def test_a_bad_file_is_told_in_words(staffed, name, content, words):
    upload = SimpleUploadedFile(name, content)
    answer = visitor(staffed, "administrator").post(reverse(PROPOSE), {"act": "rehearse", "file": upload})
    assert answer.status_code == 400
    assert words in text_of(answer)


def test_a_proposal_is_dropped_by_a_press(staffed):
    notice = proposed(staffed)
    page = reverse("calendar_notice", args=[notice.pk])
    assert visitor(staffed, "supervisor").post(page, {"act": "drop"}).status_code == 302
    assert "已撤下" in text_of(visitor(staffed, "supervisor").get(page))


# Cards are reviewed


@pytest.fixture
def to_review(staffed) -> CardReview:
    """A yellow card that a published holiday takes the ground from."""
    case = staffed.accepted(staffed.matter(promised=5))
    at("2026-03-10 09:00")
    sweep()
    card = LimitWarning.objects.get(clock=clock_of(case, "promised"), level="yellow")
    assert confirm(staffed, proposed(staffed)).status_code == 302
    return CardReview.objects.get(card=card)


def decide(county: County, review: CardReview, role: str = "supervisor", **values):
    values = {"proposal": str(review.pk), "act": "revoke", "reason": "放假当天不计"} | values
    return visitor(county, role).post(reverse("supervision_card", args=[review.card_id]), values)


def counted(county: County) -> int:
    actor = acting_user(User.objects.get(pk=county.people["supervisor"].pk))
    return dashboard.card_counts(actor, Present.at(at("2026-03-10 09:00")))["yellow_cards_month"]


def test_a_revoked_card_leaves_the_numbers_and_stays_in_the_list(staffed, to_review):
    client = visitor(staffed, "supervisor")
    before = counted(staffed)
    listed = text_of(client.get(reverse("supervision_warnings")))
    assert "建议撤销" in listed
    assert "待复核的红黄牌" in text_of(client.get(reverse("supervision")))
    assert decide(staffed, to_review).status_code == 302
    assert counted(staffed) == before - 1
    assert "已撤销" in text_of(client.get(reverse("supervision_warnings")))
    shown = text_of(client.get(reverse("supervision_card", args=[to_review.card_id])))
    assert "放假当天不计" in shown
    assert "已撤销" in shown
    assert "共 1 条" in text_of(client.get(f"{reverse('supervision_warnings')}?figure=revoked_month"))
    assert decide(staffed, to_review).status_code == 409


def test_an_upheld_card_counts_on(staffed, to_review):
    before = counted(staffed)
    assert decide(staffed, to_review, act="uphold", reason="另有延误").status_code == 302
    assert counted(staffed) == before
    answer = visitor(staffed, "supervisor").get(f"{reverse('supervision_warnings')}?figure=to_review")
    assert to_review.card_id not in [row["card_id"] for row in answer.context["rows"]]


def test_a_revoked_card_makes_room_for_the_true_one(staffed, to_review):
    decide(staffed, to_review)
    sweep()
    levels = LimitWarning.objects.filter(clock=to_review.card.clock, level="yellow")
    assert levels.count() == 1
    at("2026-03-11 09:00")
    sweep()
    assert [card.arming for card in levels.order_by("pk")] == [1, 2]
    sweep()
    assert levels.count() == 2


def test_a_card_revoked_after_its_time_came_is_issued_anew(staffed, to_review):
    at("2026-03-11 09:00")
    sweep()
    assert LimitWarning.objects.filter(clock=to_review.card.clock, level="yellow").count() == 1
    decide(staffed, to_review)
    sweep()
    assert LimitWarning.objects.filter(clock=to_review.card.clock, level="yellow").count() == 2


def test_who_may_decide_about_a_card(staffed, to_review):
    assert decide(staffed, to_review, "director1").status_code == 404
    assert decide(staffed, to_review, "window0").status_code == 403
    assert decide(staffed, to_review, "administrator").status_code == 403
    assert decide(staffed, to_review, reason=" ").status_code == 400
    assert decide(staffed, to_review, act="forget").status_code == 400
    assert decide(staffed, to_review, proposal="x").status_code == 404
    assert decide(staffed, to_review, "director0").status_code == 403  # whose own centre was late
    assert not CardReview.objects.exclude(act="propose").exists()
    assert decide(staffed, to_review, "supervisor").status_code == 302


# A person finds a card wrong


@pytest.fixture
def wrong(staffed) -> LimitWarning:
    case = staffed.accepted(staffed.matter(promised=5))
    at("2026-03-10 09:00")
    sweep()
    return LimitWarning.objects.get(clock=clock_of(case, "promised"), level="yellow")


def propose_revocation(county: County, card: LimitWarning, role: str = "director0", **values):
    values = {"act": "propose", "reason": "系统停电，当天已经办好"} | values
    return visitor(county, role).post(reverse("supervision_card", args=[card.pk]), values)


def test_what_one_person_proposes_another_revokes(staffed, wrong):
    page, before = reverse("supervision_card", args=[wrong.pk]), counted(staffed)
    assert 'value="propose"' in visitor(staffed, "director0").get(page).content.decode()
    assert propose_revocation(staffed, wrong).status_code == 302
    assert counted(staffed) == before
    row = CardReview.objects.get(card=wrong)
    own, other = (visitor(staffed, role).get(page).content.decode() for role in ("director0", "supervisor"))
    assert "由另一位监察员决定" in own
    assert 'name="act"' not in own
    assert 'value="revoke"' in other
    assert "系统停电，当天已经办好" in other
    assert decide(staffed, row, "director0").status_code == 403
    assert decide(staffed, row).status_code == 302
    assert counted(staffed) == before - 1
    assert propose_revocation(staffed, wrong).status_code == 409
    assert 'name="act"' not in visitor(staffed, "director0").get(page).content.decode()
    sweep()
    assert LimitWarning.objects.filter(clock=wrong.clock, level="yellow").count() == 1


def test_an_upheld_card_may_be_doubted_again_and_an_open_doubt_not_twice(staffed, wrong):
    assert propose_revocation(staffed, wrong).status_code == 302
    assert propose_revocation(staffed, wrong, "supervisor").status_code == 409
    assert decide(staffed, CardReview.objects.get(card=wrong), act="uphold").status_code == 302
    assert propose_revocation(staffed, wrong, "supervisor").status_code == 302
    assert CardReview.objects.filter(card=wrong, act="propose").count() == 2


def test_who_may_doubt_a_card(staffed, wrong):
    assert propose_revocation(staffed, wrong, "director1").status_code == 404
    assert propose_revocation(staffed, wrong, "window0").status_code == 403
    assert propose_revocation(staffed, wrong, "administrator").status_code == 403
    for reason in (" ", "长" * 501):
        refused = propose_revocation(staffed, wrong, reason=reason)
        assert refused.status_code == 400
        assert "请写明理由" in text_of(refused)
    assert not CardReview.objects.exists()


def review_row(county: County, card: LimitWarning, role: str, act: str, **values) -> CardReview:
    user = county.people[role]
    return CardReview.objects.create(
        card=card, act=act, user=user, person_code=user.person_code, reason="x", at=card.recorded_at, **values
    )


def test_the_database_knows_that_another_person_decides(staffed, wrong):
    proposal = review_row(staffed, wrong, "director0", "propose")
    with pytest.raises(DatabaseError, match="another person decides"), transaction.atomic():
        review_row(staffed, wrong, "director0", "revoke", answers=proposal)
    with pytest.raises(DatabaseError, match="proposed to be"), transaction.atomic():
        review_row(staffed, wrong, "supervisor", "propose")
    review_row(staffed, wrong, "supervisor", "revoke", answers=proposal)
    with pytest.raises(DatabaseError, match="proposed to be"), transaction.atomic():
        review_row(staffed, wrong, "director0", "propose")


def test_very_many_cases_are_shown_in_part_and_counted_as_a_whole_before_the_second_signature(staffed, monkeypatch):
    monkeypatch.setattr(rehearse_calendar, "BATCH", 1)
    monkeypatch.setattr(calendar_report, "MOST_CASES", 2)
    monkeypatch.setattr("supervision.views.calendar.AT_ONCE", 0)
    for _ in range(3):
        staffed.accepted(staffed.matter(promised=5))
    asked = visitor(staffed, "supervisor")
    shown = text_of(asked.post(reverse(PROPOSE_COUNTY), COUNTY_DAYS | {"act": "rehearse"}))
    assert "只演算了最早的 2 件" in shown
    notice = proposed(staffed)
    page = asked.get(page_of(notice))
    assert "完成以前不能确认" in text_of(page)
    assert 'value="confirm"' not in page.content.decode()
    assert confirm(staffed, notice).status_code == 409
    _rehearse_batch(notice.pk)
    assert "已演算 1 件，共约 3 件" in text_of(asked.get(page_of(notice)))
    assert confirm(staffed, notice).status_code == 409
    assert asked.post(page_of(notice), {"act": "rehearse"}).status_code == 302
    assert "推后 3 件" in text_of(asked.get(page_of(notice)))
    assert confirm(staffed, notice).status_code == 302
    assert CalendarNotice.objects.get(pk=notice.pk).cases_moved == 3


def test_a_whole_rehearsal_that_is_old_or_of_another_calendar_is_made_anew(staffed, capsys):
    staffed.accepted(staffed.matter(promised=5))
    notice = proposed(staffed)
    at("2026-03-03 10:01")
    assert confirm(staffed, notice).status_code == 409
    tasks.rehearse()
    assert CalendarRehearsal.objects.get(notice=notice).figures["moved"] == 1
    load_calendar([read_notice(NEXT_YEAR)])
    assert confirm(staffed, notice).status_code == 409
    call_command("rehearse_calendar", "--json")
    assert json.loads(capsys.readouterr().out) == {"looked_at": 1}
    assert rehearse_waiting() == 0
    assert confirm(staffed, notice).status_code == 302


def test_supervisors_see_that_cases_are_left_over(staffed):
    asked = visitor(staffed, "supervisor")
    assert "还有办件没有按新日历重算成" not in text_of(asked.get("/"))
    case = staffed.accepted(staffed.matter(promised=5))
    CalendarNotice.objects.filter(turn__isnull=False).update(settled_at=None, left_over=[case.pk])
    assert "还有办件没有按新日历重算成" in text_of(asked.get("/", follow=True))


def page_of(notice: CalendarNotice) -> str:
    return reverse("calendar_notice", args=[notice.pk])


def test_the_database_too_lets_nobody_decide_who_does_not_watch_the_place(staffed, to_review):
    for role in ("window0", "director0", "director1", "administrator"):
        with pytest.raises(DatabaseError, match="who watches its place"), transaction.atomic():
            review_row(staffed, to_review.card, role, "revoke", answers=to_review)
    review_row(staffed, to_review.card, "supervisor", "revoke", answers=to_review)
