"""What a villager reads about who was told that nobody answered in time: no more than was told."""

import pytest
from django.test import Client
from django.urls import reverse

from supervision.actions.sweep import sweep
from supervision.actions.sweep_terms import sweep_terms
from supervision.domain.voices import Kind
from supervision.models import Message
from supervision.voice_link import follow_path, ticket_of
from tests.supervision.county import at
from tests.supervision.voices import lodged

pytestmark = pytest.mark.django_db
TOLD, OVER, PROMISE = "系统已向上一级报警", "已经超过期限", "系统会向上一级报警"


def followed(voice):
    return Client().get(follow_path(voice.number)).content.decode()


def receipt(voice):
    return Client().get(reverse("voice_receipt", args=[ticket_of(voice.number)])).content.decode()


def people_told(county, voice, level="yellow"):
    names = {user.pk: name for name, user in county.people.items()}
    told = Message.objects.filter(key=f"term:{voice.term_id}:{level}")
    return {names[user] for user in told.values_list("user", flat=True)}


def test_an_overdue_complaint_of_a_village_is_told_above_and_the_page_says_so_once_it_was(county):
    voice = lodged(county.villages[0])
    assert PROMISE in receipt(voice)
    at("2026-03-06 00:00")
    assert OVER in followed(voice)
    assert TOLD not in followed(voice)
    at("2026-03-06 00:01")
    sweep_terms()
    assert TOLD not in followed(voice)  # on record, and in the queue
    sweep()
    assert people_told(county, voice) == {"director0", "supervisor"}
    assert TOLD in followed(voice)


def test_an_overdue_inquiry_is_told_to_the_director_of_the_hall_and_to_the_county(county):
    voice = lodged(county.townships[0], Kind.INQUIRY)
    at("2026-03-10 09:00")
    sweep()
    assert people_told(county, voice) == {"window0", "director0", "supervisor"}
    assert TOLD in followed(voice)


def test_above_the_county_nobody_is_told_and_the_pages_do_not_claim_it(county):
    voice = lodged(county.townships[0])
    assert PROMISE not in receipt(voice)
    at("2026-03-30 10:00")
    sweep()
    page = followed(voice)
    assert OVER in page
    assert TOLD not in page
    assert "12345" in page
