"""People at their browsers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.seed import Seed

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def as_(seeded: Seed) -> Callable[[str], Client]:
    """Give `as_("village_clerk")`: a browser in which this person is logged in."""

    def log_in(role: str) -> Client:
        client = Client()
        client.force_login(seeded.user(role), backend=BACKEND)
        return client

    return log_in


@pytest.fixture
def clerk(as_: Callable[[str], Client]) -> Client:
    return as_("village_clerk")
