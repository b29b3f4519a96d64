"""What the database refuses about orders and urges: to the site's role everything that rewrites, to the owner too."""

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from halls.domain.duties import PostKind
from halls.management.commands.secure_database import ADD, privileges_of
from supervision.actions.answer_urge import answer_urge
from supervision.actions.urge import urge
from supervision.models import OrderAct, OrderFile, SupervisionOrder, Term, Urge, UrgeAnswer
from tests.factories.cases import a_picture
from tests.factories.halls import person_in_post
from tests.supervision.county import at
from tests.supervision.ordering import give_up, issue, reply, send_back

pytestmark = pytest.mark.django_db

REWRITING = [
    "UPDATE supervision_supervisionorder SET facts = 'x' WHERE id = %(id)s",
    "UPDATE supervision_supervisionorder SET serial = 9 WHERE id = %(id)s",
    "UPDATE supervision_supervisionorder SET issued_at = issued_at - interval '1 day' WHERE id = %(id)s",
    "UPDATE supervision_supervisionorder SET organ_path = issuer_path WHERE id = %(id)s",
    "UPDATE supervision_supervisionorder SET state = 'closed' WHERE id = %(id)s",
    "UPDATE supervision_supervisionorder SET state = 'withdrawn' WHERE id = %(id)s",
    "UPDATE supervision_supervisionorder SET term_id = (SELECT max(id) FROM supervision_term) WHERE id = %(id)s",
    "DELETE FROM supervision_supervisionorder WHERE id = %(id)s",
    "TRUNCATE supervision_supervisionorder CASCADE",
    "UPDATE supervision_orderact SET words = 'x' WHERE order_id = %(id)s",
    "DELETE FROM supervision_orderact WHERE order_id = %(id)s",
    "TRUNCATE supervision_orderact CASCADE",
    "UPDATE supervision_orderfile SET name = 'x'",
    "DELETE FROM supervision_orderfile",
    "UPDATE supervision_urge SET reason = 'x'",
    "DELETE FROM supervision_urge",
    "UPDATE supervision_urgeanswer SET words = 'x'",
    "DELETE FROM supervision_urgeanswer",
]
ACT = (
    "INSERT INTO supervision_orderact (order_id, seq, act, words, user_id, person_code, post, at)"
    " SELECT %(id)s, 99, '{act}', 'x', id, person_code, '', now() - interval '9 days' FROM halls_user WHERE id = {who}"
)


def refused(statement, **names):
    with pytest.raises(DatabaseError) as fault, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, names)
    return str(fault.value)


@pytest.fixture
def replied(county):
    """An order with a reply and a file, beside another one, and a case that was urged and answered."""
    county.order, county.other = issue(county), issue(county, county.bureau)
    reply(county, county.order, papers=[("现场.png", a_picture())])
    county.case = county.accepted(county.matter())
    county.urge = urge(county.case.number, actor=county.actor("supervisor"), reason="请抓紧")
    urged = next(name for name, user in county.people.items() if user.pk == county.urge.whom[0]["user"])
    answer_urge(county.urge.pk, actor=county.actor(urged), words="今天办完")
    return county


@pytest.mark.parametrize("statement", REWRITING)
def test_nothing_that_was_written_is_rewritten(replied, statement):
    assert refused(statement, id=replied.order.pk)


@pytest.mark.parametrize(
    ("act", "who"),
    [
        ("issue", "supervisor"),
        ("extend", "supervisor"),
        ("withdraw", "supervisor"),
        ("reply", "director0"),  # it is replied already
        ("accept", "director0"),  # by whoever replied
        ("give_up", "director0"),
    ],
)
def test_an_act_that_the_order_does_not_allow_is_not_written_past_the_site_either(replied, act, who):
    statement = ACT.format(act=act, who=replied.people[who].pk)
    assert "order" in refused(statement, id=replied.order.pk) or act in ("accept", "give_up")


def test_the_moment_of_an_act_is_the_databases_own(replied):
    at("2026-03-04 15:30")
    with connection.cursor() as cursor:
        cursor.execute(ACT.format(act="accept", who=replied.people["supervisor"].pk), {"id": replied.order.pk})
    row = OrderAct.objects.get(order=replied.order, act="accept")
    assert (f"{row.at.astimezone():%m-%d}", row.seq) == ("03-04", 3)


def test_a_number_is_drawn_by_the_database_whatever_is_written(replied):
    fields = {f.name: getattr(replied.other, f.name) for f in SupervisionOrder._meta.concrete_fields}
    term = Term.objects.get(pk=replied.other.term_id)
    term.pk = None
    term.save(force_insert=True)
    forged = SupervisionOrder(**fields | {"id": None, "serial": 77, "year": 1999, "title": "另一件", "term": term})
    forged.save(force_insert=True)
    forged.refresh_from_db()
    assert (forged.year, forged.serial) == (2026, 3)


def test_one_guard_asks_who_issues_an_order_and_it_asks_for_the_very_office(replied):
    fields = {f.name: getattr(replied.other, f.name) for f in SupervisionOrder._meta.concrete_fields}
    organ = replied.townships[0].path  # watched by the county's supervisor from above, and from there by its director
    term = Term.objects.get(pk=replied.other.term_id)
    term.pk = None
    term.save(force_insert=True)
    forged = SupervisionOrder(**fields | {"id": None, "term": term, "title": "另一件", "issuer_path": organ})
    with pytest.raises(DatabaseError, match="from there"), transaction.atomic():
        forged.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('supervision_guard_order'::regproc)")
        assert "supervision_holds_post" not in cursor.fetchone()[0]


def test_a_person_who_is_not_in_the_staff_list_acts_on_nothing(replied):
    somebody = {"user_id": replied.people["supervisor"].pk, "person_code": "nobody", "at": replied.urge.at}
    act = OrderAct(order=replied.order, seq=9, act="accept", words="x", **somebody)
    with pytest.raises(DatabaseError, match="staff list"), transaction.atomic():
        act.save()
    second = urge(replied.accepted(replied.matter()).number, actor=replied.actor("supervisor"), reason="请抓紧")
    answer = UrgeAnswer(urge=second, words="x", **somebody)
    with pytest.raises(DatabaseError, match="staff list"), transaction.atomic():
        answer.save()


def test_a_fourth_urge_of_a_working_day_is_refused_by_the_database_too(replied):
    def forge(who, office):
        copy = Urge.objects.get(pk=replied.urge.pk)
        copy.pk, copy.office_path, copy.user, copy.person_code = None, office.path, who, who.person_code
        copy.save(force_insert=True)

    forge(replied.people["director0"], replied.townships[0])
    forge(person_in_post(PostKind.SUPERVISOR, replied.villages[0]), replied.villages[0])
    with pytest.raises(DatabaseError, match="three times"), transaction.atomic():
        forge(replied.people["director0"], replied.hall)


def test_a_file_comes_with_a_reply_before_anybody_verified_it(replied):
    kept = OrderFile.objects.get()
    send_back(replied, replied.order)
    with pytest.raises(DatabaseError, match="comes with a reply"), transaction.atomic():
        OrderFile.objects.create(act=kept.act, name="x.png", media_type="image/png", size=1, sha256=kept.sha256)


def test_the_site_may_read_and_add_but_not_change_what_grows():
    for model in (OrderAct, OrderFile, Urge, UrgeAnswer):
        assert privileges_of(model._meta.db_table) == ADD


@pytest.fixture
def as_the_site(replied):
    """From here on the statements of this connection are those of the site's own role."""
    call_command("secure_database", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {settings.DATABASE_APP_ROLE}")
    yield replied
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE supervision_orderact SET words = 'x'",
        "DELETE FROM supervision_orderact",
        "TRUNCATE supervision_orderfile",
        "DELETE FROM supervision_urge",
        "UPDATE supervision_urgeanswer SET words = 'x'",
        "TRUNCATE supervision_supervisionorder CASCADE",
        "ALTER TABLE supervision_orderact DISABLE TRIGGER USER",
    ],
)
def test_the_role_of_the_site_may_not_even_try(as_the_site, statement):
    """The grants refuse it before any trigger is asked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM supervision_orderact")
        assert cursor.fetchone() == (3,)
    with pytest.raises(DatabaseError) as fault, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert isinstance(fault.value.__cause__, psycopg2.errors.InsufficientPrivilege)


def test_the_role_of_the_site_does_its_work_within_the_grants(as_the_site):
    give_up(as_the_site, as_the_site.order)
    assert issue(as_the_site, as_the_site.villages[0]).serial == 3
    assert refused("UPDATE supervision_supervisionorder SET facts = 'x' WHERE id = %(id)s", id=as_the_site.order.pk)
