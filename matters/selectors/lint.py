"""What the linter is told beside a guide, and what its reports say about the catalogue."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from matters.domain.lint import RULES, SEVERITIES, Finding, LintContext, PolicyLine, Rule, department_score
from matters.models import GuideFile, LintReport, Matter, TimeoutPolicy
from matters.selectors.timeout import in_force

# How a list is narrowed to what has a finding of this severity.
WITH_SEVERITY = {
    "error": Q(lint__errors__gt=0),
    "warning": Q(lint__warnings__gt=0),
    "hint": Q(lint__hints__gt=0),
}


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """A department's guides: their number, their mean score, and how many of them have a finding of each severity."""

    code: str
    name: str
    guides: int
    score: int
    errors: int
    warnings: int
    hints: int


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule and the number of guides that break it."""

    rule: Rule
    guides: int


@dataclass(frozen=True, slots=True)
class LintOverview:
    """`departments` from the lowest score up; `rules` by severity, the most frequent first."""

    guides: int
    score: int | None
    departments: tuple[DepartmentLine, ...]
    rules: tuple[RuleLine, ...]


@dataclass(frozen=True, slots=True)
class RuleFindings:
    """All findings of one guide under one rule."""

    rule: Rule
    findings: tuple[Finding, ...]


def names_in_use(names: Iterable[str] | None = None) -> dict[str, str]:
    """Return names of matters with their codes (1 query); of these names only, when given."""
    found = Matter.objects.filter(abolished_on__isnull=True)
    if names is not None:
        found = found.filter(name__in=list(names))
    return dict(found.order_by("-code").values_list("name", "code"))


def files_by_matter(matter_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """Return the names of the blanks and samples that these matters hold (1 query)."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = GuideFile.objects.filter(matter__in=list(matter_ids), replaced_at__isnull=True)
    for matter_id, name in rows.values_list("matter_id", "name"):
        found[matter_id].add(name)
    return {matter_id: frozenset(held) for matter_id, held in found.items()}


def policy_lines(rows: Iterable[TimeoutPolicy]) -> tuple[PolicyLine, ...]:
    """Return policies that are in force in the linter's words."""
    return tuple(
        PolicyLine(row.place, row.policy, f"{row.law}{row.article}{row.document_no}", row.step_kind) for row in rows
    )


def context_of(
    names: Mapping[str, str], policies: Iterable[TimeoutPolicy], today: date, files: frozenset[str]
) -> LintContext:
    """Return what the linter is told about one matter: policies that two persons signed for it, files it holds."""
    return LintContext(other_names=names, policies=policy_lines(in_force(policies, today)), files=files)


def lint_overview(department: str = "") -> LintOverview:
    """Return what the reports say, of one department (its code) or of all (1 query)."""
    reports = LintReport.objects.order_by("matter__department__code", "matter__code")
    if department:
        reports = reports.filter(matter__department__code=department)
    columns = ("matter__department__code", "matter__department__name", "score", "errors", "warnings", "hints", "rules")
    by_department: dict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
    broken: Counter[str] = Counter()
    for code, name, *figures, rules in reports.values_list(*columns):
        by_department[code, name].append(tuple(figures))
        broken.update(rules)
    lines = [_department_line(code, name, rows) for (code, name), rows in by_department.items()]
    scores = [row[0] for rows in by_department.values() for row in rows]
    return LintOverview(
        guides=len(scores),
        score=department_score(scores),
        departments=tuple(sorted(lines, key=lambda line: (line.score, line.code))),
        rules=tuple(_rule_lines(broken)),
    )


def _department_line(code: str, name: str, rows: list[tuple[Any, ...]]) -> DepartmentLine:
    errors, warnings, hints = (sum(bool(row[column]) for row in rows) for column in (1, 2, 3))
    score = department_score([row[0] for row in rows])
    assert score is not None  # a department without a guide has no row
    return DepartmentLine(code, name, len(rows), score, errors, warnings, hints)


def _rule_lines(broken: Mapping[str, int]) -> list[RuleLine]:
    """A rule that the code no longer has waits for the next run; nothing is shown for it."""
    lines = [RuleLine(RULES[code], guides) for code, guides in broken.items() if code in RULES]
    return sorted(lines, key=lambda line: (SEVERITIES.index(line.rule.severity), -line.guides, line.rule.code))


def findings_by_rule(report: LintReport) -> tuple[RuleFindings, ...]:
    """Return what a report found, errors first; no query."""
    grouped: dict[str, list[Finding]] = defaultdict(list)
    for item in report.findings:
        if item["rule"] in RULES:
            grouped[item["rule"]].append(Finding(**item))
    return tuple(RuleFindings(RULES[code], tuple(findings)) for code, findings in grouped.items())


def reports_of(department: str = "") -> list[dict[str, Any]]:
    """Return every report with all its findings, of one department (its code) or of all, as JSON types (1 query)."""
    reports = LintReport.objects.order_by("matter__code")
    if department:
        reports = reports.filter(matter__department__code=department)
    columns = ("matter__code", "matter__name", "matter__department__code", "score", "findings")
    return [
        {"code": code, "name": name, "department": bureau, "score": score, "findings": findings}
        for code, name, bureau, score, findings in reports.values_list(*columns)
    ]
