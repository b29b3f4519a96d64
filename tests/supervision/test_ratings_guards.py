"""What nobody can bend about a rating, and who sees it."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from applications.models import Application
from halls.selectors.work_calendar import read_moment
from supervision.figures import Present
from supervision.figures_ratings import UNRATED
from supervision.models import Rating
from supervision.selectors.ratings import visible_ratings
from tests.supervision.county import at
from tests.supervision.rating import bad, ended, given_by, percent

pytestmark = pytest.mark.django_db


# --- what nobody can bend --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE supervision_rating SET level = 5 WHERE id = %(id)s",
        "UPDATE supervision_rating SET text = '很好' WHERE id = %(id)s",
        "UPDATE supervision_rating SET rated_at = rated_at - interval '9 days' WHERE id = %(id)s",
        "UPDATE supervision_rating SET validity = 'excluded' WHERE id = %(id)s",
        "UPDATE supervision_rating SET state = 'closed' WHERE id = %(id)s",
        "UPDATE supervision_rating SET earlier = 0, client = 'x' WHERE id = %(id)s",
        "DELETE FROM supervision_rating WHERE id = %(id)s",
        "TRUNCATE supervision_rating CASCADE",
        "INSERT INTO supervision_ratingact (rating_id, act, to_state, reason, user_id, person_code, at)"
        " VALUES (%(id)s, 'publish', 'closed', 'x', %(user)s, 'X', halls_now())",
        "INSERT INTO supervision_ratingact (rating_id, act, to_state, reason, user_id, person_code, at)"
        " VALUES (%(id)s, 'exclude', 'excluded', 'x', %(user)s, 'X', halls_now())",
    ],
)
def test_the_database_refuses_to_rewrite_a_rating(county, statement):
    rating = bad(county)
    facts = {"id": rating.pk, "user": county.people["supervisor"].pk}
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, facts)


def test_the_database_takes_no_rating_of_a_running_case(county):
    case = county.accepted(county.matter())
    with pytest.raises(DatabaseError, match="not open"), transaction.atomic():
        Rating(application=case, hall=case.hall, path=case.path, level=5, channel="qr", rated_at=case.moved_at).save()


# --- who sees it -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("clerk0", True), ("clerk1", False), ("window0", False), ("director0", True), ("director1", False),
        ("supervisor", True), ("bureau_director", False), ("approver0", False), ("county_window", False),
    ],
)  # fmt: skip
def test_who_sees_a_rating(county, who, sees):
    rating = bad(county)
    assert visible_ratings(county.actor(who)).filter(pk=rating.pk).exists() is sees


def test_silence_is_counted_apart(county):
    case = ended(county)
    other = ended(county)
    given_by(other, level=3, details=[])
    at("2026-03-08 10:00")
    assert not Application.objects.filter(UNRATED.condition(Present.at(read_moment().at))).exists()
    at("2026-03-09 10:01")
    now = Present.at(read_moment().at)
    assert list(Application.objects.filter(UNRATED.condition(now))) == [case]
    assert percent("satisfaction") == (1, 1)
