"""Two people at one complaint in the same moment. Real connections, real commits."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from halls.domain.errors import Refused
from supervision.actions.accept_voice import accept_voice
from supervision.actions.extend_voice import extend_voice
from supervision.actions.lodge_voice import Lodging, lodge_voice
from supervision.actions.refuse_voice import refuse_voice
from supervision.domain.voices import Kind
from supervision.models import Term, TermFact, Voice, VoiceAct
from tests.supervision.county import at
from tests.supervision.voices import WORDS, accepted, lodged

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def together(*works):
    """Do these at once, each on a connection of its own; returns what each returned or refused."""
    start = Barrier(len(works))

    def one(work):
        try:
            at("2026-03-02 10:00")
            start.wait(20)
            return work()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def test_one_accepts_and_another_refuses_and_one_of_them_is_told_it_is_too_late(county):
    voice = lodged(county.villages[0])
    director, supervisor = county.actor("director0"), county.actor("supervisor")
    refusal = {"ground": "no_evidence", "reason": "没有凭据"}
    answers = together(
        lambda: accept_voice(voice.number, actor=director),
        lambda: refuse_voice(voice.number, actor=supervisor, **refusal),
    )
    assert answers.count("wrong_state") == 1
    acts = list(VoiceAct.objects.filter(voice=voice).exclude(verb="lodge").values_list("to_state", flat=True))
    assert acts == [Voice.objects.get().state]
    assert (Term.objects.get().state == "stopped") == (acts == ["refused"])


def test_four_extensions_at_once_are_one(county):
    voice = accepted(county, county.villages[0])
    supervisor = county.actor("supervisor")
    answers = together(*[lambda: extend_voice(voice.number, actor=supervisor, days=3, reason="复杂")] * 4)
    assert answers.count("term_extended") == 3
    assert TermFact.objects.filter(move="extend").count() == VoiceAct.objects.filter(verb="extend").count() == 1


def test_a_form_sent_four_times_at_once_is_one_complaint(county):
    key, said = uuid4(), Lodging(kind=Kind.COMPLAINT, words=WORDS, hall=county.villages[0].code)
    made = together(*[lambda: lodge_voice(said, key=key, client="203.0.113.7")] * 4)
    assert len({voice.pk for voice in made}) == 1
    assert Voice.objects.count() == Term.objects.count() == 1


def test_numbers_of_complaints_lodged_at_once_differ(county):
    made = together(*[lambda: lodged(county.villages[0])] * 6)
    assert len({voice.number for voice in made}) == 6
