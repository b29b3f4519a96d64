"""The pages of messages: one's own and nobody else's, unread first; and the outbox for those who look after it."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from halls.acting import acting_user
from halls.domain.duties import PostKind
from halls.models import User
from supervision.actions._claim import claim_batch
from supervision.actions.load_ladder import load_ladder
from supervision.actions.sweep import sweep
from supervision.actions.tell import tell
from supervision.actions.tell_people import MovedCase, tell_moved, tell_people
from supervision.models import LadderStep, Message, Outbox, Untold
from supervision.selectors import read_watch
from supervision.selectors.messages import inbox_page
from tests.factories.halls import DATA, HallFactory, person_in_post
from tests.supervision.county import at

pytestmark = pytest.mark.django_db


def visitor(county, role):
    client = Client()
    client.force_login(User.objects.get(pk=county.people[role].pk))
    return client


def text_of(answer):
    return unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def write(county, role="approver0", count=1, **options):
    """Tell somebody so many things; return the messages, oldest first."""
    for number in range(count):
        tell_people([county.people[role]], Message.Kind.NOTICE, f"第{number}条。", **options)
    return list(Message.objects.filter(user=county.people[role]).order_by("pk"))


def stuck(county, role="approver0", **options):
    """A text that no gateway took."""
    User.objects.filter(pk=county.people[role].pk).update(phone="13900000001")
    write(county, role, **options)
    text = Outbox.objects.latest("pk")
    Outbox.objects.filter(pk=text.pk).update(state="failed", attempts=6, last_error="TimeoutError")
    return text


# --- one's own ------------------------------------------------------------------------------------------------------


def test_without_a_login_there_is_no_inbox(county):
    for page, words in (("messages", []), ("message", [1]), ("supervision_outbox", [])):
        answer = Client().get(reverse(page, args=words))
        assert (answer.status_code, reverse("login") in answer["Location"]) == (302, True)


@pytest.mark.parametrize("role", ["clerk0", "window0", "approver0", "director0", "supervisor", "bureau_examiner"])
def test_everybody_has_an_inbox(county, role):
    write(county, role)
    answer = visitor(county, role).get(reverse("messages"))
    assert "第0条。" in text_of(answer)


def test_nobody_sees_anybody_else_s(county):
    """Not in the list, not by its address, not in the count, not by reading everything."""
    (message,) = write(county, "approver0")
    other = visitor(county, "supervisor")
    assert "第0条。" not in text_of(other.get(reverse("messages")))
    assert other.get(reverse("message", args=[message.pk])).status_code == 404
    assert other.post(reverse("messages_read"), {"until": str(message.pk)}).status_code == 302
    message.refresh_from_db()
    assert message.read_at is None
    assert read_watch(county.people["supervisor"].pk).post.unread == 0
    assert read_watch(county.people["approver0"].pk).post.unread == 1
    assert read_watch().post.unread == 0


def test_opening_is_reading_and_the_first_time_counts(county):
    (message,) = write(county)
    client = visitor(county, "approver0")
    moment = at("2026-03-03 11:00")
    assert client.get(reverse("message", args=[message.pk])).status_code == 200
    message.refresh_from_db()
    assert message.read_at == moment
    at("2026-03-04 11:00")
    client.get(reverse("message", args=[message.pk]))
    message.refresh_from_db()
    assert message.read_at == moment


def test_the_bell_counts_what_is_unread_on_every_page(county):
    client = visitor(county, "approver0")
    write(county, count=3)
    assert re.search(r"提醒\s+3\s+条未读", text_of(client.get(reverse("home"))))
    client.get(reverse("message", args=[Message.objects.latest("pk").pk]))
    assert re.search(r"提醒\s+2\s+条未读", text_of(client.get(reverse("home"))))
    client.post(reverse("messages_read"), {"until": str(Message.objects.latest("pk").pk)})
    assert "条未读" not in text_of(client.get(reverse("home")))


def test_a_bell_says_no_more_than_two_digits(county):
    person = county.people["approver0"]
    Message.objects.bulk_create(
        Message(user=person, kind="notice", words="x", key=str(number), made_at=at("2026-03-02 10:00"))
        for number in range(120)
    )
    assert "99+" in text_of(visitor(county, "approver0").get(reverse("home")))


def test_unread_stand_first_and_no_page_repeats_or_skips_one(county):
    written = write(county, count=50)
    read = {message.pk for message in written[10:40]}
    Message.objects.filter(pk__in=read).update(read_at=at("2026-03-02 10:00"))
    actor = acting_user(User.objects.get(pk=county.people["approver0"].pk))
    seen, cursor = [], ""
    for _page in range(9):
        page = inbox_page(actor, cursor, size=7)
        seen += page.rows
        cursor = page.next_cursor
        if not cursor:
            break
    unread = [m.pk for m in reversed(written) if m.pk not in read]
    assert [m.pk for m in seen] == unread + sorted(read, reverse=True)


@pytest.mark.parametrize("cursor", ["", "x", "u~", "u~-1", "r~abc", "~", "u~9999999999999999999999"])
def test_whatever_is_no_cursor_begins_anew(county, cursor):
    write(county)
    answer = visitor(county, "approver0").get(reverse("messages"), {"after": cursor})
    assert "第0条。" in text_of(answer)


def test_reading_everything_leaves_what_came_since(county):
    first, second = write(county, count=2)
    visitor(county, "approver0").post(reverse("messages_read"), {"until": str(first.pk)})
    assert list(Message.objects.filter(read_at__isnull=True)) == [second]


@pytest.mark.parametrize("until", ["", "x", "-1", "9" * 30])
def test_reading_up_to_nonsense_is_refused(county, until):
    answer = visitor(county, "approver0").post(reverse("messages_read"), {"until": until})
    assert answer.status_code in (400, 422)
    assert "全部已读" in text_of(answer)


def test_a_message_leads_to_the_case_its_statement_and_the_card_as_long_as_one_may_see_it(county):
    case = county.accepted(county.matter(promised=2))
    at("2026-03-20 09:00")
    sweep()
    message = Message.objects.filter(user=county.people["approver0"], clock__kind="promised", level="red").get()
    page = visitor(county, "approver0").get(reverse("message", args=[message.pk]))
    assert {link["url"] for link in page.context["links"]} == {
        reverse("case", args=[case.number]),
        reverse("clock_statement", args=[case.number, message.clock_id]),
        reverse("supervision_card", args=[int(message.key.removeprefix("warning:"))]),
    }
    county.people["approver0"].posts.update(ends_on="2026-02-01")
    page = visitor(county, "approver0").get(reverse("message", args=[message.pk]))
    assert page.context["links"] == []


def test_a_digest_lists_its_cases(county):
    case = county.accepted(county.matter())
    tell_moved([MovedCase(case.pk, None, None)], why="2027 年放假安排已启用", key="calendar:1")
    message = Message.objects.get(user=county.people["approver0"])
    page = visitor(county, "approver0").get(reverse("message", args=[message.pk]))
    assert reverse("case", args=[case.number]) in page.content.decode()


def test_a_page_of_the_inbox_costs_two_statements_of_its_own(county, django_assert_max_num_queries):
    write(county, count=25)
    Message.objects.filter(pk__in=list(Message.objects.values_list("pk", flat=True)[:15])).update(
        read_at=at("2026-03-02 10:00")
    )
    client = visitor(county, "approver0")
    client.get(reverse("messages"))
    with django_assert_max_num_queries(40) as counted:
        client.get(reverse("messages"))
    own = [q["sql"] for q in counted.captured_queries if 'FROM "supervision_message"' in q["sql"]]
    assert len(own) == 2


# --- one's own telephone --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"), [("139 0000 0009", "13900000009"), ("+8613900000009", "13900000009"), ("", "")]
)
def test_a_person_gives_and_takes_back_their_own_telephone(county, typed, kept):
    User.objects.filter(pk=county.people["clerk0"].pk).update(phone="13900000001")
    client = visitor(county, "clerk0")
    assert "13900000001" in client.get(reverse("messages_phone")).content.decode()
    assert client.post(reverse("messages_phone"), {"phone": typed}).status_code == 302
    assert User.objects.get(pk=county.people["clerk0"].pk).phone == kept
    assert not User.objects.exclude(pk=county.people["clerk0"].pk).exclude(phone="").exists()


@pytest.mark.parametrize("typed", ["12345", "1390000000x", "23900000009", "139000000091", "0" * 20])
def test_what_is_no_mobile_number_is_refused_with_a_cure(county, typed):
    answer = visitor(county, "clerk0").post(reverse("messages_phone"), {"phone": typed})
    assert answer.status_code == 422
    assert "11 位手机号" in text_of(answer)
    assert User.objects.get(pk=county.people["clerk0"].pk).phone == ""


# --- the outbox -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["clerk0", "approver0", "director0", "bureau_director"])
def test_the_outbox_is_for_those_who_look_after_the_county(county, role):
    text = stuck(county)
    client = visitor(county, role)
    for answer in (
        client.get(reverse("supervision_outbox")),
        client.post(reverse("supervision_outbox_retry"), {"text": str(text.pk)}),
    ):
        assert answer.status_code == 403
        assert "县监察员" in text_of(answer)
    text.refresh_from_db()
    assert text.state == "failed"


def test_a_stuck_text_is_seen_without_its_words_and_sent_again(county):
    case = county.accepted(county.matter())
    text = stuck(county, application=case)
    client = visitor(county, "supervisor")
    page = text_of(client.get(reverse("supervision_outbox")))
    assert case.display_number in page
    assert "通道没有应答" in page
    assert "本地演示通道，未真正发送" in page
    assert "第0条。" not in page
    assert "13900000001" not in page
    client.post(reverse("supervision_outbox_retry"), {"text": str(text.pk)})
    text.refresh_from_db()
    assert (text.state, text.attempts) == ("waiting", 0)
    assert client.post(reverse("supervision_outbox_retry"), {"text": str(text.pk)}).status_code == 404


@pytest.mark.parametrize("asked", ["x", "9" * 30, "0"])
def test_a_text_that_is_not_there_is_not_sent_again(county, asked):
    answer = visitor(county, "supervisor").post(reverse("supervision_outbox_retry"), {"text": asked})
    assert answer.status_code in (400, 404, 422)


def test_the_outbox_of_one_county_is_not_the_other_s(county):
    elsewhere: Any = HallFactory(name="他县政务服务中心")
    stranger = person_in_post(PostKind.SUPERVISOR, elsewhere)
    county.people["stranger"] = stranger
    mine = stuck(county, application=county.accepted(county.matter()))
    plain = stuck(county, "window0")
    theirs = stuck(county, "stranger")
    client = visitor(county, "stranger")
    assert [row["id"] for row in client.get(reverse("supervision_outbox")).context["rows"]] == [theirs.pk]
    assert client.post(reverse("supervision_outbox_retry"), {"text": str(mine.pk)}).status_code == 404
    client.post(reverse("supervision_outbox_retry"))
    assert set(Outbox.objects.filter(state="failed")) == {mine, plain}


def test_an_unknown_state_is_refused_and_the_others_are_pages(county):
    client = visitor(county, "supervisor")
    assert client.get(reverse("supervision_outbox"), {"state": "lost"}).status_code in (400, 422)
    for state in Outbox.State.values:
        assert client.get(reverse("supervision_outbox"), {"state": state}).status_code == 200


# --- the alarm ------------------------------------------------------------------------------------------------------


def test_what_is_stuck_is_on_every_page_of_those_who_can_mend_it_and_in_the_health_of_the_site(county):
    sweep()
    assert Client().get("/healthz").json()["messages"] == {"stuck_warnings": 0, "stuck_texts": 0}
    assert "没有发出" not in text_of(visitor(county, "supervisor").get(reverse("supervision")))
    stuck(county)
    assert Client().get("/healthz").json()["messages"] == {"stuck_warnings": 0, "stuck_texts": 1}
    assert "1 条外发消息多次没有发出" in text_of(visitor(county, "supervisor").get(reverse("supervision")))
    for role in ("approver0", "director0"):
        assert "没有发出" not in text_of(visitor(county, role).get(reverse("messages")))


def test_a_rung_that_found_nobody_is_an_alarm_until_it_is_told(county):
    LadderStep.objects.all().delete()
    county.accepted(county.matter(promised=9))
    at("2026-03-12 09:00")
    claimed = claim_batch().claimed
    for minute in ("09:00", "09:02", "09:10"):
        at(f"2026-03-12 {minute}")
        tell()
    assert Untold.objects.filter(attempts=3).count() == claimed
    client = visitor(county, "supervisor")
    page = text_of(client.get(reverse("supervision_outbox")))
    assert f"{claimed} 条预警、红黄牌或督办通知找不到人告知" in page
    assert "load_ladder" in page
    load_ladder(json.loads((DATA / "ladder.json").read_text(encoding="utf-8")))
    client.post(reverse("supervision_outbox_retry"))
    assert tell().rungs == claimed
    assert "找不到人告知" not in text_of(client.get(reverse("supervision_outbox")))
