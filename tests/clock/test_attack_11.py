"""C11: a case is sent back and entered anew, so that its clock begins again."""

import pytest

from applications.models import Application
from tests.clock.attack import blocked_as_application, shown
from tests.supervision.county import County, at

pytestmark = pytest.mark.django_db
LIST = "supervision_suspicions"


def test_the_new_case_is_tied_to_the_old_one_and_shown(county: County) -> None:
    matter = county.matter(promised=5)
    first = county.accepted(matter)
    at("2026-03-06 10:00")
    county.withdrawn(first)
    at("2026-03-09 10:00")
    second = county.filed(matter)
    assert Application.objects.get(pk=second.pk).follows_id == first.pk
    text = shown(county, LIST)
    assert second.display_number in text
    assert first.display_number in text
    assert "前一件用掉（工作日） </span>4</td>" in text
    assert second.display_number not in shown(county, LIST, "director1")


def test_a_declined_case_that_comes_again_is_shown_too(county: County) -> None:
    matter = county.matter()
    county.declined(county.received(matter))
    second = county.filed(matter)
    assert second.display_number in shown(county, LIST)


def test_another_matter_is_no_return(county: County) -> None:
    county.withdrawn(county.filed(county.matter()))
    other = county.filed(county.matter())
    assert other.display_number not in shown(county, LIST)


def test_the_tie_is_not_cut(county: County) -> None:
    matter = county.matter()
    county.withdrawn(county.filed(matter))
    county.filed(matter)
    blocked_as_application("UPDATE applications_application SET follows_id = NULL WHERE follows_id IS NOT NULL")
