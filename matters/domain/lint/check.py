"""Run every family of rules over a guide."""

from __future__ import annotations

from matters.domain.catalogue import MatterRecord
from matters.domain.lint.circumstances import circumstance_rules
from matters.domain.lint.elements import missing_elements
from matters.domain.lint.finding import SEVERITIES, Finding, LintContext
from matters.domain.lint.flow import step_rules
from matters.domain.lint.identifiers import identifier_rules
from matters.domain.lint.limits import limit_rules
from matters.domain.lint.materials import material_rules
from matters.domain.lint.results import result_rules
from matters.domain.lint.words import word_rules

FAMILIES = (
    missing_elements, limit_rules, step_rules, material_rules, circumstance_rules, result_rules, identifier_rules,
    word_rules,
)  # fmt: skip


def lint(record: MatterRecord, context: LintContext) -> tuple[Finding, ...]:
    """Return what breaks a rule, errors first; never raises, whatever a reader let through."""
    found = [finding for family in FAMILIES for finding in family(record, context)]
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))
