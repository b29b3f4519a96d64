"""Lint every published guide: after an import, every night, and whenever the rules of the code have changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.db import transaction
from django.db.models import F, Func

from halls.domain.worktime import day_of
from matters.actions.keep_report import report_on, write
from matters.models import LintReport, Matter, MatterVersion
from matters.querysets import MatterQuerySet
from matters.selectors.lint import context_of, files_by_matter, names_in_use
from matters.selectors.timeout import MOMENT, policies_of

BATCH: Final = 500


def lint_catalogue() -> int:
    """Make the report of every matter that is not abolished, and return how many there are.

    Three statements, and four more for each 500 matters. A matter that is being published is waited for, so that no
    report is older than its guide; cases are filed meanwhile as always.
    """
    names = names_in_use()
    ids = list(_published().order_by("pk").values_list("pk", flat=True))
    LintReport.objects.exclude(matter__in=_published()).delete()
    return sum(_lint(ids[start : start + BATCH], names) for start in range(0, len(ids), BATCH))


def _published() -> MatterQuerySet:
    return Matter.objects.filter(current__isnull=False, abolished_on__isnull=True)


@transaction.atomic
def _lint(ids: Sequence[int], names: Mapping[str, str]) -> int:
    """Keep the reports of these matters. The clock is the database's; the calendar is not needed, nor held."""
    published = MatterVersion.objects.filter(matter__in=ids, matter__current=F("pk")).select_related("matter")
    published = published.select_for_update(of=("matter",), no_key=True).order_by("matter_id")
    versions = list(published.annotate(now=Func(function="halls_now", output_field=MOMENT)))
    policies, files = policies_of(ids), files_by_matter(ids)
    reports = []
    for version in versions:
        pk = version.matter_id
        context = context_of(names, policies.get(pk, ()), day_of(version.now), files.get(pk, frozenset()))
        reports.append(report_on(version, context, version.now))
    write(reports)
    return len(reports)
