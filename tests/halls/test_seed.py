"""The seeded county survives what tests do to it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.db import connection

from halls.models import Hall, User
from matters.models import Matter

pytestmark = pytest.mark.usefixtures("seeded")


def whole() -> tuple[int, ...]:
    return Hall.objects.count(), User.objects.count(), Matter.objects.count(), Permission.objects.count()


@pytest.mark.django_db
def test_the_real_county_is_there(seeded):
    assert Hall.objects.filter(tier="village").count() == 392
    assert Matter.objects.count() == 133
    assert User.objects.count() > 1000
    assert seeded.actor("village_clerk").hall_code == "500236272202"
    assert seeded.actor("county_approver").has("decide")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("repetition", [1, 2])
def test_a_transactional_test_gives_it_back(repetition):
    before = whole()
    assert before[0] == 426
    User.objects.get(username="taihe-window").history.all().delete()
    Hall.objects.filter(code="500236272202").update(short_name="改名村")
    User.objects.create(username="left-behind", full_name="留下", person_code="L1")


@pytest.mark.django_db(transaction=True)
def test_nothing_was_left_behind(seeded):
    assert not User.objects.filter(username="left-behind").exists()
    assert seeded.hall("500236272202").short_name == "高桥村"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname = 'never_truncated' AND tgenabled <> 'O'")
        assert cursor.fetchone() == (0,)
