"""Whoever has the site's database role hands no complaint past somebody who may handle it."""

import pytest
from django.core.management import call_command

from supervision.actions.hand_up_voice import hand_up_voice
from supervision.actions.reseat_voices import reseat_voices
from supervision.models import Voice
from tests.clock.attack import GUARDED, as_application, blocked_as_application, run
from tests.supervision.voices import accepted, lodged

pytestmark = pytest.mark.django_db
KEEPER = "UPDATE supervision_voice SET keeper = %s WHERE id = %s"


@pytest.fixture
def people(county):
    call_command("secure_database", verbosity=0)
    return county


def test_no_complaint_is_handed_past_who_may_handle_it(people):
    for voice in (lodged(people.villages[0]), accepted(people, people.townships[0])):
        for keeper in ("administrator", "director"):
            blocked_as_application(KEEPER, keeper, voice.pk, by=(GUARDED,))


def test_nor_behind_the_act_that_handed_it_up(people):
    voice = lodged(people.villages[0])
    with as_application():
        hand_up_voice(voice.number, actor=people.actor("director0"), reason="应由县级办理")
    blocked_as_application(KEEPER, "director", voice.pk, by=(GUARDED,))


def test_the_sweep_hands_it_on_where_nobody_is_left(people):
    voice = lodged(people.townships[0])
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("ALTER TABLE halls_post DISABLE TRIGGER USER")
    ended = "UPDATE halls_post SET starts_on = '2026-01-01', ends_on = '2026-03-01'"
    run(f"{ended} WHERE user_id = %s AND kind = 'supervisor'", people.people["supervisor"].pk)
    run("ALTER TABLE halls_post ENABLE TRIGGER USER")
    with as_application():
        assert reseat_voices() == 1
    assert Voice.objects.get(pk=voice.pk).keeper != "supervisor"
