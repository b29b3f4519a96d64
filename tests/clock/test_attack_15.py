"""C15: a case is withdrawn "on behalf of the applicant" just before its red card."""

import pytest

from applications.actions.withdraw import withdraw
from halls.domain.errors import Invalid
from tests.clock.attack import shown
from tests.supervision.county import County, at

pytestmark = pytest.mark.django_db
LIST = "supervision_suspicions"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-03-06 10:00", "差 1 个工作日到期或红牌"),
        ("2026-03-09 20:00", "差 1 个工作日到期或红牌"),
        ("2026-03-10 09:00", "已经超期"),
        ("2026-03-20 09:00", "已到红牌"),
    ],
)
def test_a_withdrawal_in_the_last_moment_is_on_the_list(county: County, moment: str, words: str) -> None:
    case = county.accepted(county.matter(promised=5))  # due on 9 March
    at(moment)
    county.withdrawn(case)
    at("2026-03-23 09:00")
    text = shown(county, LIST)
    assert case.display_number in text
    assert words in text
    assert case.display_number in shown(county, LIST, "director0")
    assert case.display_number not in shown(county, LIST, "director1")


def test_a_withdrawal_in_good_time_is_nobodys_suspicion(county: County) -> None:
    case = county.accepted(county.matter(promised=5))
    county.withdrawn(case)
    assert case.display_number not in shown(county, LIST)


def test_a_withdrawal_has_a_reason(county: County) -> None:
    case = county.accepted(county.matter(promised=5))
    with pytest.raises(Invalid):
        withdraw(case.pk, actor=county.actor("clerk0"), reason=" ")
