"""Nothing slips into the work calendar past the two signatures: the database refuses it."""

from contextlib import closing
from datetime import date
from threading import Barrier, Thread

import psycopg2
import pytest
from django.core.management import call_command
from django.db import IntegrityError, InternalError, connections, transaction

from halls.acting import Actor, acting_user
from halls.actions.sign_calendar import (
    confirm_notice,
)
from halls.domain.duties import PostKind
from halls.domain.errors import Refused
from halls.models import CalendarDay, CalendarNotice, CalendarYear, Post, User
from halls.selectors.work_calendar import load_calendar as calendar_now
from tests.factories.halls import HallFactory, person_in_post
from tests.halls.signing import confirmed, proposal
from tests.seed import connect_as_app

pytestmark = pytest.mark.django_db
SIGNED = "these are not the days that two persons signed"


# Attack C08: a holiday slipped in. The database refuses it, whoever holds the pen.

SLIPS = {
    "a day off more": "INSERT INTO halls_calendarday (year, date, kind, name) "
    "VALUES (2026, '2026-03-06', 'holiday', '示例')",
    "a day off less": "DELETE FROM halls_calendarday WHERE date = '2026-10-07'",
    "a day of another kind": "UPDATE halls_calendarday SET kind = 'holiday' WHERE date = '2026-10-10'",
    "a day moved": "UPDATE halls_calendarday SET date = '2026-10-09' WHERE date = '2026-10-07'",
    "another source": "UPDATE halls_calendaryear SET document_no = '示例' WHERE year = 2026",
    "another digest": "UPDATE halls_calendaryear SET sha256 = repeat('0', 64) WHERE year = 2026",
    "the year gone": "DELETE FROM halls_calendarday WHERE year = 2026; "
    "DELETE FROM halls_calendaryear WHERE year = 2026",
    "a year of one's own": "INSERT INTO halls_calendaryear (year, document_no, source, version, sha256) "
    "VALUES (2027, '', '示例', 1, repeat('0', 64))",
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attack", SLIPS)
def test_the_role_of_the_application_cannot_slip_a_day_in(attack, signers):
    call_command("secure_database", verbosity=0)
    with (
        closing(connect_as_app()) as app,
        app.cursor() as cursor,
        pytest.raises(psycopg2.errors.CheckViolation, match=SIGNED),
    ):
        cursor.execute(SLIPS[attack])


@pytest.mark.django_db(transaction=True)
def test_the_orm_of_the_owner_cannot_either(signers):
    day = CalendarDay(year_id=2026, date=date(2026, 3, 6), kind="holiday", name="示例")
    with pytest.raises(IntegrityError, match=SIGNED), transaction.atomic():
        day.save()
    with pytest.raises(IntegrityError, match=SIGNED), transaction.atomic():
        CalendarDay.objects.filter(date=date(2026, 10, 7)).delete()
    assert calendar_now().is_working(date(2026, 3, 6))


@pytest.mark.django_db(transaction=True)
def test_a_notice_in_force_cannot_be_forged_by_the_application(signers):
    call_command("secure_database", verbosity=0)
    notice = proposal(signers["administrator"])
    own = "is_installed, reason, proposed_person, confirmed_person, text, base_sha256, confirm_reason"
    kept = "year, kind, document_no, content, effective, sha256, settled_through, cases_moved"
    forged = (
        f"INSERT INTO halls_calendarnotice ({own}, {kept}) SELECT true, 'x', '', '', '', '', '', {kept} "
        f"FROM halls_calendarnotice WHERE id = {notice.pk}"
    )
    change = "UPDATE halls_calendarnotice SET {} WHERE id = " + str(notice.pk)
    second = "confirmed_at = now(), confirmed_by_id = {}, confirmed_person = '{}'"
    alone = change.format(second.format(signers["administrator"].user_id, "X9"))
    nobody = change.format(second.format(signers["window"].user_id, "X9"))
    unpublished = change.format(second.format(signers["window"].user_id, signers["window"].person_code))
    other = change.format("effective = '{}'")
    away = f"DELETE FROM halls_calendarnotice WHERE id = {notice.pk}"
    with closing(connect_as_app()) as app, app.cursor() as cursor:
        for attack in (forged, alone, nobody, other, away, unpublished):
            with pytest.raises(psycopg2.Error) as refusal:
                cursor.execute(attack)
            assert refusal.value.pgcode in ("42501", "23001", "23514"), (attack, refusal.value)


@pytest.mark.django_db(transaction=True)
def test_the_application_signs_for_nobody_who_holds_no_post_in_the_county(signers):
    call_command("secure_database", verbosity=0)
    notice = proposal(signers["administrator"])
    switched_off, left = (
        person_in_post(PostKind.SUPERVISOR, HallFactory._meta.model.objects.get(tier="county")) for _ in range(2)
    )
    User.objects.filter(pk=switched_off.pk).update(is_active=False)
    Post.objects.filter(user=left).update(ends_on=date(2026, 1, 6))
    own = "is_installed, reason, text, base_sha256, confirm_reason, confirmed_person, settled_through, cases_moved"
    own += ", year, kind, document_no, content, effective, sha256"
    copied = (
        f"INSERT INTO halls_calendarnotice (proposed_by_id, proposed_person, {own}) "
        f"SELECT {{0}}, '{{1}}', {own} FROM halls_calendarnotice WHERE id = {notice.pk}"
    )
    signed = (
        "UPDATE halls_calendarnotice SET confirmed_at = now(), confirmed_by_id = {0}, confirmed_person = '{1}' "
        f"WHERE id = {notice.pk}"
    )
    people = [signers["window"], signers["director"]]
    pairs = [(person.user_id, person.person_code) for person in people]
    pairs += [(user.pk, user.person_code) for user in (switched_off, left)] + [(signers["supervisor"].user_id, "X9")]
    with closing(connect_as_app()) as app, app.cursor() as cursor:
        for pair in pairs:
            for attack in (copied, signed):
                with pytest.raises(psycopg2.errors.RestrictViolation, match="signs nothing for the county"):
                    cursor.execute(attack.format(*pair))


@pytest.mark.django_db(transaction=True)
def test_the_application_gives_no_digest_to_other_days_and_settles_nothing_at_once(signers):
    call_command("secure_database", verbosity=0)
    notice = proposal(signers["administrator"])
    own = "is_installed, reason, text, base_sha256, confirm_reason, confirmed_person, settled_through, cases_moved"
    own += ", proposed_by_id, proposed_person, year, kind, document_no, content, sha256"
    copied = f"INSERT INTO halls_calendarnotice (effective, {own}) SELECT {{}}, {own} FROM halls_calendarnotice "
    copied += f"WHERE id = {notice.pk}"
    settled = (
        f"UPDATE halls_calendarnotice SET confirmed_at = now(), confirmed_by_id = {signers['supervisor'].user_id}, "
        f"confirmed_person = '{signers['supervisor'].person_code}', settled_at = now() WHERE id = {notice.pk}"
    )
    with closing(connect_as_app()) as app, app.cursor() as cursor:
        for days in ("effective #- '{days,0}'", "content - 'days' || '{\"days\": []}'", "'{}'"):
            with pytest.raises(psycopg2.errors.RestrictViolation, match="digest"):
                cursor.execute(copied.format(days))
        with pytest.raises(psycopg2.errors.RestrictViolation, match="settled before"):
            cursor.execute(settled)


def test_a_notice_in_force_is_not_changed_by_the_orm(signers):
    notice = confirmed(signers)
    for change in ({"turn": 7}, {"sha256": "0" * 64}, {"confirm_reason": "别的"}, {"reason": "别的"}):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            CalendarNotice.objects.filter(pk=notice.pk).update(**change)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        notice.delete()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_is_told_that_it_is_done(signers):
    third = acting_user(person_in_post(PostKind.SUPERVISOR, HallFactory._meta.model.objects.get(tier="county")))
    notice = proposal(signers["administrator"])
    start, answers = Barrier(2), []

    def press(actor: Actor) -> None:
        start.wait()
        try:
            confirm_notice(notice.pk, actor=actor, reason="已核对")
            answers.append("done")
        except Refused as refusal:
            answers.append(refusal.code)
        finally:
            connections.close_all()

    threads = [Thread(target=press, args=[actor]) for actor in (signers["supervisor"], third)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["already_closed", "done"]
    assert CalendarYear.objects.get(year=2026).version == 2
