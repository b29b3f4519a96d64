"""The guide linter: what in a guide breaks a rule, which rule, where that rule is written, and the cure. Pure.

A reader refuses what is not a guide at all (matter_reader); the linter judges what can be read, finished or not.
"""

from matters.domain.lint.check import lint
from matters.domain.lint.finding import SEVERITIES, SEVERITY_LABELS, Finding, LintContext, PolicyLine, Rule
from matters.domain.lint.rules import RULES
from matters.domain.lint.score import definition, department_score, score_of

__all__ = [
    "RULES",
    "SEVERITIES",
    "SEVERITY_LABELS",
    "Finding",
    "LintContext",
    "PolicyLine",
    "Rule",
    "definition",
    "department_score",
    "lint",
    "score_of",
]
