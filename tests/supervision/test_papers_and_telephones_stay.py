"""Whoever has the site's database role takes no filed paper away for good, and leads no call elsewhere."""

from uuid import uuid4

import pytest
from django.core.management import call_command

from applications.models import MaterialFile
from halls.selectors.work_calendar import read_moment
from tests.clock.attack import GUARDED, as_application, blocked_as_application, run
from tests.supervision.test_defaults import with_materials

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(county):
    call_command("secure_database", verbosity=0)
    return county


def kept(case):
    with as_application():
        return MaterialFile.objects.create(
            id=uuid4(), line=case.materials.order_by("seq")[0], sha256="0" * 64, media_type="image/png", size=1,
            name="x.png", uploaded_by_id=case.filed_by_id, uploaded_at=read_moment().at,
        )  # fmt: skip


@pytest.mark.parametrize("change", ["phone_sealed = ''", "phone_masked = '139****0000'", "address = 'x'"])
def test_how_an_applicant_is_reached_stays_as_filed(people, change):
    case = people.accepted(people.matter())
    blocked_as_application(
        f"UPDATE applications_applicant SET {change} WHERE id = %s", case.applicant_id, by=(GUARDED,)
    )


def test_a_paper_that_was_filed_is_only_marked_as_taken_away(people):
    case = people.received(with_materials(people.matter()))
    file = kept(case)
    blocked_as_application("DELETE FROM applications_materialfile WHERE id = %s", file.pk, by=(GUARDED,))
    for change in ("sha256 = repeat('1', 64)", "name = 'y.png'", "uploaded_at = now()"):
        blocked_as_application(f"UPDATE applications_materialfile SET {change} WHERE id = %s", file.pk, by=(GUARDED,))
    with as_application():
        run("UPDATE applications_materialfile SET removed_at = '2026-01-01' WHERE id = %s", file.pk)
    blocked_as_application(
        "UPDATE applications_materialfile SET removed_at = NULL WHERE id = %s", file.pk, by=(GUARDED,)
    )
    assert MaterialFile.objects.get().removed_at == read_moment().at
