"""Who answers for a limit and who is told of it: whoever held the post that day, and whoever deputised by letter."""

from datetime import date
from typing import Any

import pytest

from halls.domain.duties import Duty, PostKind
from halls.models import Delegation, Post, User
from supervision.actions.sweep import sweep
from supervision.domain.reach import Rung, Seat, reach
from supervision.models import Accountability, Message
from supervision.selectors.holders import holders_at
from supervision.selectors.reach import roster_of
from tests.factories.halls import person_in_post
from tests.supervision.county import County
from tests.supervision.test_defaults import publish, renewal_matter
from tests.supervision.test_defaults_renewal import pass_the_permit

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 31)


@pytest.fixture
def deputy(county: County) -> User:
    """An examiner of the township, to whom its approver lends deciding for March."""
    made: Any = person_in_post(PostKind.EXAMINER, county.townships[0])
    user: User = made
    return user


def lend(county: County, deputy: User, **said: Any) -> Delegation:
    letter = {"hall": county.townships[0], "document_no": "东府授〔2026〕3号"}
    letter |= {"starts_on": date(2026, 3, 1), "ends_on": DAY} | said
    return Delegation.objects.create(grantor=county.people["approver0"], grantee=deputy, **letter)


def names(county: County, day: date = DAY, duty: Duty = Duty.DECIDE) -> list[str]:
    return [one["name"] for one in holders_at(county.townships[0].path, duty, day)]


def test_a_deputy_answers_beside_whoever_lent_the_power(county: County, deputy: User) -> None:
    lend(county, deputy)
    approver = county.people["approver0"]
    assert names(county) == [approver.full_name, deputy.full_name]
    found = holders_at(county.townships[0].path, Duty.DECIDE, DAY)[1]
    assert found == {
        "post": "受托审批",
        "title": f"受{approver.full_name}委托，东府授〔2026〕3号",
        "place": county.townships[0].name,
        "person_code": deputy.person_code,
        "name": deputy.full_name,
    }


@pytest.mark.parametrize(
    ("said", "is_deputy"),
    [
        ({"starts_on": DAY, "ends_on": DAY}, True),
        ({"starts_on": date(2026, 4, 1), "ends_on": date(2026, 4, 30)}, False),
        ({"ends_on": date(2026, 3, 30)}, False),
        ({"revoked_on": DAY}, False),  # it ended that day, before the limit did
        ({"revoked_on": date(2026, 4, 1)}, True),
    ],
)
def test_only_while_the_letter_is_in_force(county: County, deputy: User, said: dict[str, Any], is_deputy: bool) -> None:
    lend(county, deputy, **said)
    assert (deputy.full_name in names(county)) is is_deputy


def test_a_letter_lends_deciding_and_nothing_else(county: County, deputy: User) -> None:
    lend(county, county.people["clerk0"])
    assert county.people["clerk0"].full_name not in names(county, duty=Duty.EXAMINE)


def test_a_letter_lapses_with_the_power_of_who_wrote_it(county: County, deputy: User) -> None:
    lend(county, deputy)
    Post.objects.filter(user=county.people["approver0"]).update(ends_on=date(2026, 3, 30))
    assert deputy.full_name not in names(county)


def test_a_letter_for_another_place_is_none_here(county: County, deputy: User) -> None:
    lend(county, deputy, hall=county.townships[1])
    assert deputy.full_name not in names(county)


def test_the_account_names_the_deputy_and_the_deputy_is_told(county: County, deputy: User) -> None:
    matter = renewal_matter(county)
    publish(county, matter, place="renewal", policy="deemed_renew")
    lend(county, deputy)
    county.accepted(matter)
    pass_the_permit()
    sweep()
    assert deputy.person_code in {one["person_code"] for one in Accountability.objects.get().holders}
    seat = Seat(county.townships[0].path, Duty.DECIDE)
    assert deputy.pk in reach([Rung.HANDLER], seat, roster_of([seat.path], DAY)).people
    assert deputy.pk not in reach([Rung.HANDLER], seat, roster_of([seat.path], date(2026, 4, 1))).people
    # On the next day the letter is over, and so nobody sends its holder the news.
    assert not Message.objects.filter(user=deputy, key__startswith="default:").exists()
