"""Two editors at the same moment; and what the application's own role can publish."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import psycopg2
import pytest
from django.db import connection

from applications.actions._checks import Finding
from applications.actions.accept import accept
from applications.actions.submit import submit
from halls.domain.errors import DomainError, Refused, Stale
from matters.actions.approve_draft import approve_draft
from matters.actions.check_draft import check_draft
from matters.actions.import_matters import import_matters
from matters.actions.open_draft import open_draft
from matters.actions.publish_due import publish_due
from matters.actions.save_draft import save_draft
from matters.models import GuideDraft, Matter, MatterVersion
from tests.factories.cases import a_case
from tests.factories.closings import closed
from tests.factories.drafts import CODE, a_checked_draft, a_draft
from tests.factories.matters import as_file, record
from tests.seed import Seed

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.concurrency,
    pytest.mark.usefixtures("seeded"),
]


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Make the calls at the same moment, each on a connection of its own; a refusal is an answer."""
    start = threading.Barrier(len(calls))
    answers: list[Any] = [None] * len(calls)

    def run(index: int, call: Callable[[], Any]) -> None:
        start.wait(timeout=10)
        try:
            answers[index] = call()
        except DomainError as refusal:
            answers[index] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index, call)) for index, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert all(answer is not None for answer in answers)
    return answers


def test_of_two_who_approve_one_wins_and_one_version_appears(seeded: Seed) -> None:
    draft = a_checked_draft(seeded.actor("bureau_editor"))
    first, second = seeded.actor("catalogue_editor"), seeded.actor("catalogue_approver")
    answers = together(
        lambda: approve_draft(draft.pk, actor=first, version=draft.version),
        lambda: approve_draft(draft.pk, actor=second, version=draft.version),
    )
    assert sum(isinstance(answer, GuideDraft) for answer in answers) == 1
    assert sum(isinstance(answer, Stale) for answer in answers) == 1
    assert list(MatterVersion.objects.filter(matter__code=CODE).values_list("number", flat=True)) == [2, 1]


def test_an_edit_and_an_approval_of_the_same_page_do_not_both_count(seeded: Seed) -> None:
    writer, approver = seeded.actor("bureau_editor"), seeded.actor("catalogue_approver")
    draft = a_checked_draft(writer)
    answers = together(
        lambda: approve_draft(draft.pk, actor=approver, version=draft.version),
        lambda: save_draft(draft.pk, draft.content | {"notes": "改"}, actor=writer, version=draft.version),
    )
    assert sum(isinstance(answer, Stale) for answer in answers) == 1
    draft.refresh_from_db()
    assert (draft.state == "published") is not draft.content["notes"].startswith("改")


def test_two_who_open_get_one_draft(seeded: Seed) -> None:
    one, other = seeded.actor("bureau_editor"), seeded.actor("catalogue_editor")
    answers = together(lambda: open_draft(CODE, actor=one), lambda: open_draft(CODE, actor=other))
    assert len({draft.pk for draft in answers}) == 1


def test_two_workers_publish_a_guide_once(seeded: Seed, travel: Any) -> None:
    draft = a_checked_draft(seeded.actor("bureau_editor"))
    later = travel("")
    day = later.date().replace(year=later.year + 1, day=1)
    draft = approve_draft(draft.pk, actor=seeded.actor("catalogue_approver"), version=draft.version, effective_on=day)
    due = later.replace(year=later.year + 1)
    assert sum(together(lambda: publish_due(at=due), lambda: publish_due(at=due))) == 1


def test_an_import_beside_an_approval_keeps_it_or_refuses_it(seeded: Seed) -> None:
    draft = a_checked_draft(seeded.actor("bureau_editor"))
    answers = together(
        lambda: approve_draft(draft.pk, actor=seeded.actor("catalogue_approver"), version=draft.version),
        lambda: import_matters(as_file(record(CODE, notes="另行调整"))),
    )
    numbers = sorted(MatterVersion.objects.filter(matter__code=CODE).values_list("number", flat=True))
    assert numbers == [1, 2]
    current = Matter.objects.select_related("current").get(code=CODE).current
    assert current is not None
    assert (current.content["notes"] == "另行调整") is isinstance(answers[0], Refused)


def test_changes_are_dated_in_the_order_in_which_they_are_seen(seeded: Seed) -> None:
    editor = seeded.actor("catalogue_editor")
    codes, second = ["MZ-001", "MZ-002", "MZ-003", "MZ-004"], seeded.actor("catalogue_approver")
    together(*[lambda code=code: closed(code, actor=editor, second=second) for code in codes])
    moments = Matter.objects.filter(code__in=codes).values_list("changed_at", flat=True)
    assert len(set(moments)) == len(codes)


def test_a_case_that_was_filed_goes_on_and_a_draft_of_one_does_not(seeded: Seed) -> None:
    filed, unfiled = a_case("received"), a_case("draft")
    closed(filed.matter.code, actor=seeded.actor("catalogue_editor"), second=seeded.actor("catalogue_approver"))

    findings = {line.seq: Finding("ok") for line in filed.materials.all()}
    assert accept(filed.pk, findings, actor=seeded.actor("township_window")).guide_id == filed.guide_id
    with pytest.raises(Refused, match="matter_abolished"):
        submit(unfiled.pk, actor=seeded.actor("village_clerk"))


# --- the database's own watch ----------------------------------------------------------------------------------------

COPY = """
INSERT INTO matters_matterversion SELECT (jsonb_populate_record(v, jsonb_build_object(
  'id', nextval(pg_get_serial_sequence('matters_matterversion', 'id')), 'number', 99))).*
FROM matters_matterversion v LIMIT 1
"""


@pytest.mark.parametrize(
    "statement",
    [
        COPY,
        "UPDATE matters_matterversion SET promised_days = 1 WHERE promised_days > 1",
        "DELETE FROM matters_matterversion WHERE id = (SELECT max(id) FROM matters_matterversion)",
    ],
)
def test_the_application_publishes_nothing_that_two_persons_did_not_sign(app_connection: Any, statement: str) -> None:
    with pytest.raises(psycopg2.Error) as refusal, app_connection.cursor() as cursor:
        cursor.execute(statement)
    assert refusal.value.pgcode == "23001" or "violates foreign key" in str(refusal.value)


def test_the_application_publishes_what_two_persons_signed(seeded: Seed, app_connection: Any) -> None:
    writer, approver = seeded.actor("bureau_editor"), seeded.actor("catalogue_approver")
    draft = a_draft(writer)
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION AUTHORIZATION DEFAULT")
        cursor.execute(f'SET ROLE "{app_connection.info.user}"')
    try:
        draft = check_draft(draft.pk, actor=writer, version=draft.version)
        assert approve_draft(draft.pk, actor=approver, version=draft.version).state == "published"
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
