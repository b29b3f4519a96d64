from collections.abc import Iterator

import pytest

from applications.selectors.rules import forget_rules
from tests.supervision.county import County, at, settle_clock


@pytest.fixture
def county(request: pytest.FixtureRequest) -> Iterator[County]:
    """A small county on 2026-03-02 10:00, a Monday; what a test does to the clock ends with it."""
    marker = request.node.get_closest_marker("django_db")
    request.getfixturevalue("transactional_db" if marker and marker.kwargs.get("transaction") else "db")
    forget_rules()
    built = County.build()
    at("2026-03-02 10:00")
    yield built
    at("")
    settle_clock()
    forget_rules()
