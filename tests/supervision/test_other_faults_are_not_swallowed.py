"""What two who act at once meet is answered in words; any other fault of the database is one, and is not hidden."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError

from halls.actions.sign_calendar import confirm_notice
from halls.constraints import raised_in, violates
from supervision.actions import lodge_voice, raise_alarm, verify_cards
from supervision.actions.answer_urge import answer_urge
from supervision.actions.raise_alarm import raise_alarm as alarm
from supervision.actions.urge import urge
from supervision.models import CardReview, Urge, UrgeAnswer
from supervision.selectors.card_check import Unsupported
from tests.halls.signing import proposal
from tests.supervision.cards import late_card
from tests.supervision.voices import lodged

pytestmark = pytest.mark.django_db


def broken(*_asked, **_named):
    raise IntegrityError("a foreign key that nobody thought of")


def urged(county):
    return urge(county.accepted(county.matter()).number, actor=county.actor("supervisor"), reason="请抓紧办理")


def test_of_an_urge(county, monkeypatch):
    monkeypatch.setattr(Urge, "save", broken)
    with pytest.raises(IntegrityError):
        urged(county)


def test_of_its_answer(county, monkeypatch):
    row = urged(county)
    asked = next(name for name, user in county.people.items() if user.pk == row.whom[0]["user"])
    monkeypatch.setattr(UrgeAnswer, "save", broken)
    with pytest.raises(IntegrityError):
        answer_urge(row.pk, actor=county.actor(asked), words="今天办完")


def test_of_an_alarm(county, monkeypatch):
    monkeypatch.setattr(raise_alarm, "post", broken)
    with pytest.raises(IntegrityError):
        alarm()  # nobody ever swept: that is a fault to tell of


def test_of_the_nightly_check_of_cards(county, monkeypatch):
    card = late_card(county)
    monkeypatch.setattr(CardReview, "save", broken)
    found = Unsupported(card.pk, card.application_id, "到期日晚了一天")
    monkeypatch.setattr(verify_cards, "unsupported_cards", lambda _moment: (1, [found]))
    with pytest.raises(IntegrityError):
        verify_cards.verify_cards()


def test_of_a_complaint(county, monkeypatch):
    monkeypatch.setattr(lodge_voice, "_lodge", broken)
    with pytest.raises(IntegrityError):
        lodged(county.villages[0])


def test_of_a_signed_calendar(staffed, monkeypatch):
    notice = proposal(staffed.actor("administrator"))
    monkeypatch.setattr("halls.actions.sign_calendar.publish_year", broken)
    with pytest.raises(IntegrityError):
        confirm_notice(notice.pk, actor=staffed.actor("supervisor"), reason="已核对")


def test_the_database_tells_which_constraint_or_function_refused():
    fault = IntegrityError("x")
    assert not violates(fault, "voice_once")
    assert not raised_in(fault, "halls_check_calendar")
    cause: Any = Exception("as the driver gives it")
    cause.diag = SimpleNamespace(
        constraint_name="voice_once", context="PL/pgSQL function halls_check_calendar(integer) line 10 at RAISE\n..."
    )
    fault.__cause__ = cause
    assert violates(fault, "voice_once", "other")
    assert not violates(fault, "other")
    assert raised_in(fault, "halls_check_calendar")
    assert not raised_in(fault, "halls_check")
