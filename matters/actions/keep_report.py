"""The linter's report on the published guide of one matter is kept beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from matters.domain.lint import LintContext, lint, score_of
from matters.domain.matter_reader import read_matter
from matters.domain.record_reader import Faults, Reader
from matters.models import LintReport, MatterVersion
from matters.selectors.lint import context_of, files_by_matter, names_in_use
from matters.selectors.timeout import policies_of

KEPT = ("version", "content_hash", "score", "errors", "warnings", "hints", "rules", "findings", "made_at")


def keep_report(version: MatterVersion) -> LintReport:
    """Lint this version and keep the report as its matter's (5 statements).

    The caller publishes the version in the same transaction and holds the lock on its matter. No guide is refused:
    what a county publishes is for people to judge, the report only shows it.
    """
    now = read_moment().at
    names = names_in_use([version.name, *version.aliases])
    policies = policies_of([version.matter_id]).get(version.matter_id, ())
    files = files_by_matter([version.matter_id]).get(version.matter_id, frozenset())
    report = report_on(version, context_of(names, policies, day_of(now), files), now)
    write([report])
    return report


def report_on(version: MatterVersion, context: LintContext, now: datetime) -> LintReport:
    """Return the report, unsaved. A guide of an older installation may have faults: it is judged as far as it reads."""
    record = read_matter(Reader(version.content, Faults(version.name, of_today=False)), None)
    findings = lint(record, context)
    counts = Counter(finding.severity for finding in findings)
    return LintReport(
        matter_id=version.matter_id,
        version=version,
        content_hash=version.content_hash,
        score=score_of(findings),
        errors=counts["error"],
        warnings=counts["warning"],
        hints=counts["hint"],
        rules=sorted({finding.rule for finding in findings}),
        findings=[asdict(finding) for finding in findings],
        made_at=now,
    )


def write(reports: Iterable[LintReport]) -> None:
    """Put the reports in the place of the older ones (1 statement)."""
    LintReport.objects.bulk_create(reports, update_conflicts=True, unique_fields=["matter"], update_fields=KEPT)
