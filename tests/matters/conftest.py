"""The real county and catalogue, loaded once per file and rolled back after it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.factories.halls import FENGJIE, loaded_county
from tests.factories.matters import loaded_catalogue


@pytest.fixture(scope="module")
def catalogue(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        loaded_county(FENGJIE)
        loaded_catalogue()
        yield
        transaction.set_rollback(True)
