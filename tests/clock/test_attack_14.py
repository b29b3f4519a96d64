"""C14: a case is passed between halls and departments so that its clock begins again."""

import pytest

from applications.models import Clock
from supervision.actions.prove_lights import prove_lights
from tests.clock.attack import found
from tests.supervision.county import County, at, clock_of

pytestmark = pytest.mark.django_db


def test_the_promise_belongs_to_the_case_whoever_holds_it(county: County) -> None:
    case = county.accepted(county.bureau_matter(promised=10))
    due, begun = case.due_at, clock_of(case, "promised").started_at
    pks = set(Clock.objects.filter(application=case, kind__in=("promised", "statutory")).values_list("pk", flat=True))
    at("2026-03-04 10:00")
    county.passed_on(case, "bureau_examiner")
    at("2026-03-05 10:00")
    county.stepped_back(case, "bureau_approver")
    at("2026-03-06 10:00")
    case = county.passed_on(case, "bureau_examiner")
    assert case.due_at == due
    after = Clock.objects.filter(application=case, kind__in=("promised", "statutory"))
    assert set(after.values_list("pk", flat=True)) == pks
    assert clock_of(case, "promised").started_at == begun
    assert clock_of(case, "step").started_at > begun  # only the step's own clock is new
    assert found() == set()
    assert prove_lights().differences == ()
