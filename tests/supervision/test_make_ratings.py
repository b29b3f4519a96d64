"""The demonstration's ratings: every level, bad ones in several stages; a second run adds nothing."""

import io

import pytest
from django.core.management import CommandError, call_command

from supervision.actions.prove_lights import prove_lights
from supervision.actions.sweep import sweep
from supervision.models import Callback, CallbackCall, Rating
from tests.supervision.county import at
from tests.supervision.rating import ended

pytestmark = pytest.mark.django_db


def test_ratings_of_every_level_and_stage_are_made_once(county):
    matter = county.matter()
    for place in range(48):
        ended(county, place % 2, matter)
    at("2026-03-27 10:00")
    for _ in range(2):
        call_command("make_ratings", stdout=io.StringIO())
    assert set(Rating.objects.values_list("level", flat=True)) == {1, 2, 3, 4, 5}
    assert Rating.objects.count() == 44
    assert set(Rating.objects.filter(level__lte=2).values_list("state", flat=True)) == {
        "contacting", "verifying", "rectifying", "closed", "excluded",
    }  # fmt: skip
    sweep()
    assert not prove_lights().differences
    assert CallbackCall.objects.count() == -(-Callback.objects.count() // 2)


def test_a_real_county_gets_none(county, settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("make_ratings")
