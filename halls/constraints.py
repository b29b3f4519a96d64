"""Which constraint or trigger of the database refused a row: that one is answered in words, the rest is a fault."""

from __future__ import annotations

from django.db import IntegrityError


def violates(error: IntegrityError, *names: str) -> bool:
    """Whether the database refused because of one of these constraints; what a trigger refuses names none."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) in names


def raised_in(error: IntegrityError, *functions: str) -> bool:
    """Whether one of these functions of the database refused: the one that raised stands first in the context."""
    context = getattr(getattr(error.__cause__, "diag", None), "context", None) or ""
    return context.startswith(tuple(f"PL/pgSQL function {name}(" for name in functions))
