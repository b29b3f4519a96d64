"""A figure that misses its goal fails the bench, unless by no more than a noisy machine explains."""

import pytest

from bench.verdict import Verdicts, ratio


@pytest.mark.parametrize(
    ("figure", "words", "is_missed"),
    [(1.29, "kept", False), (1.3, "kept", False), (1.6, "within the noise", False), (1.63, "MISSED", True)],
)
def test_a_figure_is_judged_by_its_goal(figure: float, words: str, is_missed: bool) -> None:
    verdicts = Verdicts()
    told = verdicts.judge("claim", figure, 1.3)
    assert told.startswith("goal <= 1.3: ")
    assert words in told
    assert verdicts.missed == (["claim"] if is_missed else [])


def test_one_slow_round_does_not_decide() -> None:
    assert ratio([1, 1, 9, 1, 1], [1, 1, 1, 1, 1]) == 1
