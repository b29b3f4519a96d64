"""Two people who write guides: one of a bureau, one of the county."""

import pytest

from tests.factories.drafts import an_editor


@pytest.fixture
def writer():
    return an_editor("MZ")


@pytest.fixture
def county():
    return an_editor()
