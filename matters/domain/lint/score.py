"""How good a guide is, from 0 to 100.

100 less the weight of every rule that the guide breaks: 4 points for an error, 1.5 for a warning, 0.25 for a hint.
A rule that is broken in several places costs one tenth of its weight more for each further place, at most twice its
weight in all: twenty materials without a ground are one omission, not twenty, but they are more than one. Rounded to
a whole number, never below 0. The score of a department is the mean of its guides, each counted once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from matters.domain.lint.finding import Finding

WEIGHTS = {"error": 4.0, "warning": 1.5, "hint": 0.25}
FURTHER, AT_MOST = 0.1, 2.0


def score_of(findings: Iterable[Finding]) -> int:
    """Return the score of one guide."""
    broken = Counter((finding.rule, finding.severity) for finding in findings)
    lost = sum(WEIGHTS[severity] * min(1 + FURTHER * (count - 1), AT_MOST) for (_, severity), count in broken.items())
    return max(0, round(100 - lost))


def department_score(scores: Sequence[int]) -> int | None:
    """Return the score of a department, None when it has no guide."""
    return round(sum(scores) / len(scores)) if scores else None
