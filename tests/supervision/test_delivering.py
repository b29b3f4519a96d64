"""The outbox: quiet while nobody works, one text for many messages, patience with gateways, nobody's data in a text."""

import json
import re
from datetime import datetime, timedelta

import pytest
from django.db import connection

from applications.actions._checks import Finding
from applications.actions.request_correction import request_correction
from applications.actions.supply import supply
from applications.models import AccessRecord
from halls.domain.worktime import SHANGHAI
from halls.models import User
from halls.selectors.work_calendar import load_calendar
from matters.models import Material
from supervision.actions.deliver import Delivered, deliver
from supervision.actions.sweep import sweep
from supervision.actions.tell_people import tell_people
from supervision.channels import Text, channels
from supervision.domain.quiet import MOST_ATTEMPTS, PAUSES, is_open, next_opening
from supervision.domain.wording import About, digest_text
from supervision.models import Message, Outbox
from tests.supervision.county import APPLICANT, at

pytestmark = pytest.mark.django_db
GATEWAY = "tests.supervision.test_delivering.Gateway"


class Gateway:
    """A county's own class: it remembers what it was given, and refuses when it is told to."""

    name, label, note, reaches_applicants = "gateway", "网关", "", True
    texts: list[Text] = []
    refuses = 0

    def send(self, text):
        if Gateway.refuses:
            Gateway.refuses -= 1
            raise TimeoutError(f"no answer for {text.phone}")
        Gateway.texts.append(text)


@pytest.fixture(autouse=True)
def _gateway(settings, tmp_path):
    settings.MESSAGE_CHANNELS = [GATEWAY]
    settings.DATA_DIR = tmp_path
    Gateway.texts, Gateway.refuses = [], 0


def reachable(county, *roles):
    for number, role in enumerate(roles, start=1):
        User.objects.filter(pk=county.people[role].pk).update(phone=f"1390000{number:04d}")


def tell(county, role="approver0", words="请看一下。", **options):
    return tell_people([county.people[role]], Message.Kind.NOTICE, words, **options)


def states():
    return sorted(Outbox.objects.values_list("state", flat=True))


# --- when -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-03-02 10:00", "2026-03-02 10:00"),
        ("2026-03-02 12:30", "2026-03-02 12:30"),
        ("2026-03-02 08:29", "2026-03-02 08:30"),
        ("2026-03-02 17:30", "2026-03-03 08:30"),
        ("2026-03-06 18:00", "2026-03-09 08:30"),  # over a weekend
        ("2026-02-14 10:00", "2026-02-14 10:00"),  # a Saturday that is worked
        ("2026-02-14 19:00", "2026-02-24 08:30"),  # over the Spring Festival
        ("2026-09-30 18:00", "2026-10-08 08:30"),
    ],
)
def test_quiet_lasts_until_the_office_opens(county, moment, opening):
    calendar = load_calendar()
    given = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
    expected = datetime.fromisoformat(opening).replace(tzinfo=SHANGHAI)
    assert next_opening(given, calendar) == expected
    assert is_open(given, calendar) is (given == expected)


def test_a_message_of_the_holidays_is_read_at_once_and_texted_when_they_are_over(county):
    reachable(county, "approver0")
    at("2026-09-30 20:00")
    tell(county)
    assert Message.objects.count() == 1
    assert Outbox.objects.get().not_before == datetime(2026, 10, 8, 8, 30, tzinfo=SHANGHAI)
    for quiet in ("2026-09-30 20:00", "2026-10-04 10:00", "2026-10-08 08:29"):
        at(quiet)
        assert deliver() == Delivered()
    at("2026-10-08 08:30")
    assert deliver() == Delivered(sent=1)
    assert deliver() == Delivered()


def test_a_retry_keeps_quiet_hours_too(county):
    reachable(county, "approver0")
    at("2026-03-06 17:29")
    tell(county)
    Gateway.refuses = 1
    assert deliver() == Delivered(failed=1)
    at("2026-03-07 10:00")
    assert deliver() == Delivered()
    at("2026-03-09 08:30")
    assert deliver() == Delivered(sent=1)


# --- to whom --------------------------------------------------------------------------------------------------------


def test_whoever_gives_no_telephone_is_told_inside_the_system_only(county):
    tell(county)
    assert (Message.objects.count(), Outbox.objects.count()) == (1, 0)


def test_an_installation_without_channels_writes_no_outbox(county, settings):
    settings.MESSAGE_CHANNELS = []
    reachable(county, "approver0")
    tell(county)
    assert (Message.objects.count(), Outbox.objects.count()) == (1, 0)


def test_ten_messages_are_one_text(county):
    reachable(county, "approver0", "examiner0")
    case = county.accepted(county.matter())
    for level in ("warning", "warning", "red", ""):
        tell(county, application=case, level=level)
    tell(county, "examiner0")
    assert deliver() == Delivered(sent=2)
    assert Outbox.objects.filter(state="sent").count() == 5
    digest = next(text for text in Gateway.texts if text.phone == "13900000001")
    assert "4 条提醒：红牌 1 条、预警 2 条、其他 1 条" in digest.words
    assert case.display_number in digest.words


def test_what_comes_soon_after_a_text_waits_for_the_next_pulse(county):
    reachable(county, "approver0")
    tell(county)
    assert deliver().sent == 1
    at("2026-03-02 10:01")
    tell(county)
    assert deliver().sent == 0
    at("2026-03-02 10:20")
    tell(county)
    assert deliver().sent == 0
    at("2026-03-02 10:31")
    assert deliver().sent == 1
    assert "2 条提醒" in Gateway.texts[-1].words


def test_whoever_has_read_the_message_needs_no_text(county):
    reachable(county, "approver0")
    tell(county)
    Message.objects.update(read_at=datetime(2026, 3, 2, 10, tzinfo=SHANGHAI))
    assert deliver() == Delivered(needless=1)
    assert Gateway.texts == []
    assert states() == ["needless"]


# --- gateways that fail ---------------------------------------------------------------------------------------------


def test_each_pause_is_longer_than_the_one_before_and_then_a_person_has_to_look(county):
    reachable(county, "approver0")
    tell(county)
    Gateway.refuses = 99
    moment = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)
    for number, minutes in enumerate((*PAUSES, 0), start=1):
        moment = next_opening(moment, load_calendar())
        at(f"{moment:%Y-%m-%d %H:%M:%S}")
        assert deliver() == Delivered(failed=1)
        text = Outbox.objects.get()
        assert text.attempts == number
        assert text.last_error == "TimeoutError", "the class, never the words with the telephone in them"
        if number < MOST_ATTEMPTS:
            assert timedelta(0) <= text.next_try_at - moment - timedelta(minutes=minutes) < timedelta(seconds=30)
            assert deliver() == Delivered()
            moment += timedelta(minutes=minutes, seconds=30)
    assert states() == ["failed"]
    assert list(PAUSES) == sorted(set(PAUSES))


def test_a_repeated_text_has_the_same_key_and_the_same_words(county, monkeypatch):
    """Killed between sending and noting it down: one repeat, which a gateway can recognise."""
    reachable(county, "approver0")
    tell(county)
    honest = Gateway.send

    def dies(self, text):
        honest(self, text)
        raise SystemExit

    monkeypatch.setattr(Gateway, "send", dies)
    with pytest.raises(SystemExit):
        deliver()
    monkeypatch.undo()
    tell(county)  # what comes later is no part of the repeated text
    assert deliver() == Delivered(sent=1)
    at("2026-03-02 10:06")
    assert deliver() == Delivered(sent=1)
    first, second, third = Gateway.texts
    assert first == third
    assert second.key != first.key
    assert states() == ["sent", "sent"]


def test_a_dead_gateway_is_left_alone_after_three_failures(county):
    people = ("approver0", "approver1", "examiner0", "examiner1", "window0")
    reachable(county, *people)
    for role in people:
        tell(county, role)
    Gateway.refuses = 99
    assert deliver() == Delivered(failed=3)
    assert Outbox.objects.filter(attempts=0).count() == 2


def test_one_bad_text_does_not_stop_the_others(county):
    reachable(county, "approver0", "approver1")
    tell(county, "approver0")
    tell(county, "approver1")
    Gateway.refuses = 1
    assert deliver() == Delivered(sent=1, failed=1)


def test_a_channel_that_was_taken_away_and_a_telephone_that_was_too(county, settings):
    reachable(county, "approver0")
    tell(county)
    settings.MESSAGE_CHANNELS = []
    assert deliver() == Delivered(failed=1)
    assert Outbox.objects.get().last_error == "NoChannel"
    settings.MESSAGE_CHANNELS = [GATEWAY]
    User.objects.update(phone="")
    at("2026-03-02 10:30")
    assert deliver() == Delivered(failed=1)
    assert Outbox.objects.get().last_error == "NoNumber"


def test_no_transaction_is_open_while_the_gateway_is_spoken_to(county, monkeypatch):
    reachable(county, "approver0")
    tell(county)
    depth = len(connection.savepoint_ids)
    monkeypatch.setattr(Gateway, "send", lambda self, text: seen.append(len(connection.savepoint_ids)))
    seen: list[int] = []
    deliver()
    assert seen == [depth]


# --- what is in a text ----------------------------------------------------------------------------------------------


def correcting(county):
    matter = county.matter()
    Material.objects.create(version=matter.current, seq=1, name="户口簿")
    case = county.received(matter)
    return request_correction(case.pk, {1: Finding("missing", "缺户口簿")}, actor=county.actor("window0"), days=5)


def test_the_villager_gets_one_text_and_the_opening_of_the_number_is_on_record(county):
    case = correcting(county)
    at("2026-03-06 09:00")
    sweep()
    before = AccessRecord.objects.count()
    assert deliver() == Delivered(sent=1)
    text = Gateway.texts[0]
    assert text.phone == APPLICANT.phone
    assert "3月9日" in text.words
    assert case.display_number in text.words
    record = AccessRecord.objects.latest("pk")
    assert AccessRecord.objects.count() == before + 1
    assert (record.application, record.user) == (case, county.people["system"])


def test_a_villager_who_has_brought_the_papers_gets_no_text(county):
    case = correcting(county)
    at("2026-03-06 00:01")
    sweep()
    supply(case.pk, actor=county.actor("clerk0"))
    at("2026-03-06 09:00")
    assert deliver() == Delivered(needless=1)
    assert AccessRecord.objects.count() == 0


def test_nobody_s_data_is_in_the_local_files(county, settings, tmp_path):
    settings.MESSAGE_CHANNELS = ["supervision.channels.LocalEnterprise", "supervision.channels.LocalSms"]
    reachable(county, "approver0", "clerk0", "supervisor")
    correcting(county)
    case = county.accepted(county.matter(promised=2))
    tell(county, words=f"{APPLICANT.name} {APPLICANT.id_number} {APPLICANT.phone}", application=case)
    at("2026-03-06 09:00")
    sweep()
    assert deliver().sent > 2
    files = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "outbox").iterdir()}
    assert set(files) == {"enterprise.jsonl", "sms.jsonl"}
    for content in files.values():
        for private in (APPLICANT.name, APPLICANT.id_number, APPLICANT.phone, "1390000"):
            assert private not in content
        for line in content.splitlines():
            assert set(json.loads(line)) == {"key", "to", "text"}
            assert not re.search(r"\d{9}", json.loads(line)["text"])
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "outbox").iterdir()} == {0o600}


def test_the_local_channels_say_that_nothing_is_sent(settings):
    settings.MESSAGE_CHANNELS = ["supervision.channels.LocalEnterprise", "supervision.channels.LocalSms"]
    assert [str(channel.note) for channel in channels().values()] == ["本地演示通道，未真正发送"] * 2


def test_one_message_alone_is_no_digest():
    words = digest_text([About("时限提醒", "red", "5002 3626 0000 0017", "农村低保申请")])
    assert words == "【红牌】5002 3626 0000 0017（农村低保申请），请登录政务服务系统查看办理。"
    assert len(digest_text([About("通知", "", "5002 3626 0000 0017", "长" * 200)] * 9)) < 140
