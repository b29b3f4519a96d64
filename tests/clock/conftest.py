"""The county of the supervision tests, with the database's own grants, and a file of anchors that nobody shares."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.supervision.conftest import _shared_county, county
from tests.supervision.county import County

__all__ = ["_shared_county", "county"]


@pytest.fixture(autouse=True)
def _granted(county: County) -> None:
    """The role of web, worker and beat has what `secure_database` gives it, and no more."""
    call_command("secure_database", verbosity=0)


@pytest.fixture(autouse=True)
def anchor_file(settings: Any, tmp_path: Path) -> Path:
    settings.ANCHOR_FILE = tmp_path / "anchors.jsonl"
    return Path(settings.ANCHOR_FILE)
