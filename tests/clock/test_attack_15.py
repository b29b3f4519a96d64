"""C15: a case is withdrawn "on behalf of the applicant" just before its red card."""

import pytest

from applications.actions.withdraw import withdraw
from applications.models import Document, Event
from halls.domain.errors import Invalid
from tests.clock.attack import shown
from tests.supervision.county import APPLICANT, County, at
from tests.supervision.test_defaults import printed

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
    assert case.display_number not in shown(county, LIST)
    county.withdrawn(case)
    assert case.display_number in shown(county, LIST)  # at once, not after the night
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


@pytest.mark.parametrize("moment", ["2026-03-03 10:00", "2026-03-10 09:00"])
def test_a_withdrawal_prints_a_notice_that_names_who_asked_who_did_it_and_why(county: County, moment: str) -> None:
    """Whoever is said to have withdrawn holds the paper, and can say that it is not so; in good time as in the last."""
    case = county.accepted(county.matter(promised=5))
    at(moment)
    assert not Document.objects.filter(application=case, kind="withdrawal_notice").exists()
    county.withdrawn(case)
    notice = Document.objects.get(application=case, kind="withdrawal_notice")
    clerk = county.people["clerk0"]
    told = notice.content
    assert (told["applicant"], told["clerk"], told["reason"]) == (APPLICANT.name, clerk.full_name, "申请人不再申请")
    event = Event.objects.filter(application=case).latest("seq")
    assert (event.seq, event.at, event.person_code) == (notice.event_seq, notice.issued_at, clerk.person_code)
    paper = printed(case, "withdrawal_notice")
    for words in (APPLICANT.name, "申请人不再申请", case.display_number):
        assert words in paper


def test_a_withdrawal_has_a_reason(county: County) -> None:
    case = county.accepted(county.matter(promised=5))
    with pytest.raises(Invalid):
        withdraw(case.pk, actor=county.actor("clerk0"), reason=" ")
