"""Whoever has the site's database role calls back whom the seed draws, and nobody else."""

import pytest
from django.core.management import call_command
from django.db import connection

from supervision.actions.draw_callbacks import draw_callbacks, proxied_cases
from supervision.domain.sample import PERCENT, draw
from supervision.models import Callback, CallbackDraw
from tests.clock.attack import GUARDED, as_application, blocked_as_application, run
from tests.supervision.county import at
from tests.supervision.rating import ended

pytestmark = pytest.mark.django_db
SAMPLE = (
    "WITH d AS (INSERT INTO supervision_callbackdraw (week, seed, percent, population, drawn_at)"
    " VALUES ('2026-03-02', %s, %s, %s, now()) RETURNING id)"
    " SELECT id FROM d"
)


@pytest.fixture
def people(county):
    call_command("secure_database", verbosity=0)
    return county


def test_a_sample_is_what_its_seed_draws(people):
    for n in range(4):
        ended(people, n % 2)
    at("2026-03-09 08:00")
    for seed, percent, population in (("seed", 5, 4), ("seed", 1, 4), ("", 5, 4), ("seed", 5, 9)):
        blocked_as_application(SAMPLE, seed, percent, population, by=(GUARDED,))
    with as_application():
        assert len(draw_callbacks()) == 1
        run("SET CONSTRAINTS ALL IMMEDIATE")
    assert Callback.objects.count() == 2


def test_nothing_is_added_to_it_and_no_other_week(people):
    cases = [ended(people) for _ in range(3)]
    at("2026-03-09 08:00")
    with as_application():
        draw_callbacks()
        run("SET CONSTRAINTS ALL IMMEDIATE")
    at("2026-03-16 08:00")
    with as_application():
        draw_callbacks()
        run("SET CONSTRAINTS ALL IMMEDIATE")
    drawn = set(Callback.objects.values_list("application_id", flat=True))
    other = next(case for case in cases if case.pk not in drawn)
    for sample in CallbackDraw.objects.all():
        blocked_as_application(
            "INSERT INTO supervision_callback (draw_id, application_id, path) VALUES (%s, %s, %s)",
            sample.pk, other.pk, other.path, by=(GUARDED,),
        )  # fmt: skip


def test_both_draw_the_same(people):
    for n in range(6):
        ended(people, n % 2)
    at("2026-03-09 08:00")
    (sample,) = draw_callbacks(seed="2026", percent=40)
    numbers: dict[str, list[str]] = {}
    ids = {}
    for number, (pk, path) in proxied_cases(sample.week).items():
        numbers.setdefault(path, []).append(number)
        ids[number] = pk
    for percent in (PERCENT, 40, 67, 100):
        with connection.cursor() as cursor:
            cursor.execute("SELECT application_id FROM supervision_sample_of(%s, '2026', %s) WHERE is_drawn",
                           [sample.week, percent])  # fmt: skip
            assert {pk for (pk,) in cursor.fetchall()} == {ids[n] for n in draw(numbers, "2026", percent)}
