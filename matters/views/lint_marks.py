"""What the linter says, as the list of matters and the page of one matter show it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from matters.domain.lint import RULES, SEVERITIES, SEVERITY_LABELS
from matters.models import LintReport, Matter, MatterVersion
from matters.selectors.lint import findings_by_rule
from matters.selectors.shelves import Shelf

# The kind of tag that each severity is shown with; its word says it too.
TAG_KINDS = {"error": "paused", "warning": "waiting", "hint": "draft"}


def severities() -> tuple[Shelf, ...]:
    """Return the choices of severity; a guide with an error and a hint is under both."""
    return tuple(Shelf(value, _("有%(kind)s") % {"kind": SEVERITY_LABELS[value]}, 0) for value in SEVERITIES)


def rules() -> tuple[Shelf, ...]:
    """Return all rules to choose from, the gravest first."""
    ordered = sorted(RULES.values(), key=lambda rule: SEVERITIES.index(rule.severity))
    return tuple(Shelf(rule.code, f"{SEVERITY_LABELS[rule.severity]}：{rule.title}", 0) for rule in ordered)


def mark(matter: Matter) -> dict[str, Any] | None:
    """Return score and numbers of findings, None when the guide was not linted yet."""
    report = _report_of(matter)
    if report is None:
        return None
    return {"score": report.score, "errors": report.errors, "warnings": report.warnings, "hints": report.hints}


def report_shown(version: MatterVersion) -> dict[str, Any] | None:
    """Return the findings on this version by rule, None when its report is of another version, or there is none."""
    report = _report_of(version.matter)
    if report is None or report.version_id != version.pk:
        return None
    groups = [
        {
            "title": group.rule.title,
            "code": group.rule.code,
            "severity": SEVERITY_LABELS[group.rule.severity],
            "kind": TAG_KINDS[group.rule.severity],
            "is_open": group.rule.severity == "error",
            "why": group.rule.why,
            "citation": group.rule.citation,
            "findings": group.findings,
        }
        for group in findings_by_rule(report)
    ]
    return {"score": report.score, "made_at": report.made_at, "groups": groups}


def _report_of(matter: Matter) -> LintReport | None:
    return getattr(matter, "lint", None)
