"""Rows that are written once: the mark that migrations, grants and tests look for."""

from __future__ import annotations

from django.db import models


class AppendOnly(models.Model):
    """A row that nobody updates or deletes.

    The database enforces it twice: a trigger refuses UPDATE, DELETE and TRUNCATE for everybody,
    and `manage.py secure_database` gives the application's role no more than SELECT and INSERT.
    """

    class Meta:
        abstract = True
