"""高频、低频、常年无办件: from a hall's own figures."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from applications.domain.frequency import FEWEST, Frequency, frequencies


def test_a_few_matters_make_up_most_of_the_work() -> None:
    found = frequencies({"A": 200, "B": 100, "C": 40, "D": 20, "E": 3, "F": 0})
    assert [kind.value for kind in found.values()] == ["high", "high", "low", "low", "low", "never"]


def test_less_than_one_a_month_is_never_frequent() -> None:
    assert frequencies({"A": FEWEST - 1, "B": 0}) == {"A": Frequency.LOW, "B": Frequency.NEVER}
    assert frequencies({"A": FEWEST}) == {"A": Frequency.HIGH}


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 500), max_size=12))
def test_laws(counts: dict[str, int]) -> None:
    found = frequencies(counts)
    assert found.keys() == counts.keys()
    for code, kind in found.items():
        assert (kind is Frequency.NEVER) is (counts[code] == 0)
        for other, theirs in found.items():
            if counts[other] == counts[code]:
                assert theirs is kind, "equals are treated alike"
            if theirs is Frequency.HIGH and counts[code] > counts[other]:
                assert kind is Frequency.HIGH
    high = sum(counts[code] for code, kind in found.items() if kind is Frequency.HIGH)
    enough = [count for count in counts.values() if count >= FEWEST]
    assert high * 100 >= sum(counts.values()) * 80 or high == sum(enough)
