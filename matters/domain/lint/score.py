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

_LABELS = {"error": "错误", "warning": "警告", "hint": "提示"}


def definition() -> tuple[str, ...]:
    """Return how both scores come about, in sentences for a page; the numbers are those that count."""
    weights = "，".join(f"一条{_LABELS[kind]} {weight:g} 分" for kind, weight in WEIGHTS.items())
    return (
        "指南得分：满分 100，按违反的规则扣分，四舍五入到整数，最低 0 分。",
        f"每违反一条规则扣一次：{weights}。",
        f"同一条规则有多处违反的，每多一处加扣该条分值的 {FURTHER:.0%}，一条规则最多扣 {AT_MOST:g} 倍。",
        "部门得分：这个部门全部现行指南得分的平均数，四舍五入；每份指南算一次，不按办件量加权；暂停的算，取消的不算。",
        "全县得分：全部指南得分的平均数，不是各部门得分的平均数。没有指南的部门没有得分。",
        "改了指南，发布时重新检查；其余每晚重新检查一次。得分只看指南写得怎样，不看办件快慢。",
    )


def score_of(findings: Iterable[Finding]) -> int:
    """Return the score of one guide."""
    broken = Counter((finding.rule, finding.severity) for finding in findings)
    lost = sum(WEIGHTS[severity] * min(1 + FURTHER * (count - 1), AT_MOST) for (_, severity), count in broken.items())
    return max(0, round(100 - lost))


def department_score(scores: Sequence[int]) -> int | None:
    """Return the score of a department, None when it has no guide."""
    return round(sum(scores) / len(scores)) if scores else None
