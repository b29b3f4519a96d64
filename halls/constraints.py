"""Which constraint the database named when it refused a row: that one is answered in words, the rest is a fault."""

from __future__ import annotations

from django.db import IntegrityError


def violates(error: IntegrityError, *names: str) -> bool:
    """Whether the database refused because of one of these constraints; what a trigger refuses names none."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) in names
