"""Matters need departments."""

from __future__ import annotations

import pytest

from matters.actions.import_matters import import_matters
from matters.domain.catalogue_file import CatalogueFileError
from tests.factories.matters import as_file, record


@pytest.mark.django_db
def test_without_a_county_the_refusal_says_what_to_run_first() -> None:
    with pytest.raises(CatalogueFileError) as refused:
        import_matters(as_file(record()))
    assert "load_county" in refused.value.faults[0].cure
