"""The comparison that colours one row in Python is the one that counts rows in SQL."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from applications.domain.lifecycle import Status
from applications.domain.lights import Colour, colour_of
from applications.models import Application
from applications.selectors.lights import colour_column, colour_condition
from halls.domain.worktime import SHANGHAI
from tests.factories.tampering import unguarded

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 0, 0, tzinfo=SHANGHAI)
MOVED = NOW - timedelta(days=30)
near = st.one_of(
    st.none(),
    st.sampled_from([timedelta(0), timedelta(microseconds=1), timedelta(microseconds=-1)]),
    st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400)),
).map(lambda delta: None if delta is None else NOW + delta)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(status=st.sampled_from(list(Status)), warn_at=near, late_at=near)
@example(status=Status.IN_PROGRESS, warn_at=NOW, late_at=NOW)
@example(status=Status.IN_PROGRESS, warn_at=None, late_at=NOW)
@example(status=Status.SUSPENDED, warn_at=None, late_at=MOVED - timedelta(days=1))
@example(status=Status.DRAFT, warn_at=None, late_at=None)
def test_sql_and_python_see_the_same_colour(county, status, warn_at, late_at):
    if status == Status.DRAFT or (status == Status.SUSPENDED and (late_at is None or late_at >= MOVED)):
        warn_at = late_at = None  # nothing runs; a suspended case keeps only what was over before (a constraint)
    case = Application.objects.first() or county.filed(county.matter())
    row = Application.objects.filter(pk=case.pk)
    with unguarded():
        row.update(status=status, warn_at=warn_at, late_at=late_at, moved_at=MOVED)
    expected = colour_of(status, warn_at, late_at, NOW)
    assert row.annotate(colour=colour_column(NOW)).values_list("colour", flat=True).get() == expected
    # A draft is nobody's work: it has the colour "none" but is counted in no list.
    matching = {colour for colour in Colour if row.filter(colour_condition(colour, NOW)).exists()}
    assert matching == (set() if status == Status.DRAFT else {expected})
