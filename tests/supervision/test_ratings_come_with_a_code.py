"""Whoever has the site's database role rates no case without its code, and in nobody's name unheard."""

import pytest
from django.core.management import call_command
from django.db import connection

from supervision.actions._put_rating import Opinion
from supervision.actions.enter_rating import enter_rating
from supervision.models import Message, Rating
from tests.clock.attack import GUARDED, as_application, blocked_as_application, run
from tests.factories.cases import a_picture
from tests.factories.ratings import rating_token
from tests.supervision.rating import ended, given_by

pytestmark = pytest.mark.django_db
RATING = (
    "INSERT INTO supervision_rating (id, application_id, hall_id, path, level, details, text, channel, rated_at,"
    " client, device, earlier, entered_by_id, entered_person, state, validity) SELECT"
    " nextval('supervision_rating_id_seq'), id, hall_id, path, 5, '[]', '', %s, now(), %s, %s, 0, %s, coalesce((SELECT"
    " person_code FROM halls_user WHERE id = %s), ''), 'plain', '' FROM applications_application WHERE id = %s"
)


@pytest.fixture
def people(county):
    call_command("secure_database", verbosity=0)
    return county


def test_no_case_is_rated_without_its_code(people):
    case = ended(people)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM applications_ratingticket WHERE application_id = %s", [case.pk])
        assert cursor.fetchone() == (0,)
    for channel in ("qr", "web", "tablet"):
        blocked_as_application(RATING, channel, "c", "d", None, None, case.pk, by=(GUARDED,))


def test_how_many_came_from_the_same_place_is_counted_by_the_database(people):
    with as_application():
        given_by(ended(people), level=5, details=[], client="c", device="d")
        case = ended(people)
        given_by(case, level=5, details=[], client="c", device="d")
    assert list(Rating.objects.order_by("pk").values_list("earlier", flat=True)) == [0, 1]
    third = ended(people)
    rating_token(third.number)
    with as_application():
        run(RATING, "qr", "c", "d", None, None, third.pk)
    assert Rating.objects.get(application=third).earlier == 2


def test_nobody_is_said_to_have_called_and_whoever_wrote_it_down_hears(people):
    case = ended(people)
    who = people.people["director0"].pk
    blocked_as_application(RATING, "phone", "", "", who, who, case.pk, by=(GUARDED,))
    with as_application():
        run(RATING, "post", "", "", who, who, case.pk)
    rating = Rating.objects.get(application=case)
    assert rating.entered_person == people.people["director0"].person_code
    told = Message.objects.filter(key=f"signature:entered:{rating.pk}")
    assert set(told.values_list("user_id", flat=True)) == {who}


def test_the_site_writes_down_what_was_said(people):
    case = ended(people)
    director = people.actor("director0")
    with as_application():
        enter_rating(case.number, Opinion(5, "post"), actor=director, scan=("信.png", a_picture()))
    assert Rating.objects.get(application=case).channel == "post"
