"""Whether a measured ratio keeps its goal. A shared machine is noisy: only what is beyond the margin fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

NOISE: Final = 1.25


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the median of the ratios of what was measured in turn, round by round."""
    return median(own / other for own, other in zip(ours, theirs, strict=True))


@dataclass
class Verdicts:
    """Words for each figure, and which of them failed."""

    missed: list[str] = field(default_factory=list)

    def judge(self, name: str, figure: float, goal: float) -> str:
        """Return the goal and the verdict as they are printed behind the figure."""
        if figure <= goal:
            return f"goal <= {goal:g}: kept"
        if figure <= goal * NOISE:
            return f"goal <= {goal:g}: not kept, within the noise of {NOISE - 1:.0%}"
        self.missed.append(name)
        return f"goal <= {goal:g}: MISSED"
