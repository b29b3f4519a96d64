"""Wrong look-ups of the public, counted so that nobody tries codes one after the other."""

from __future__ import annotations

from django.db import models


class LookUpFailure(models.Model):
    """How many wrong codes came for one number in a day, from one client in an hour, or for the one from the other.

    A client is kept as a keyed hash: who looked for what is nobody's business.
    """

    class Kind(models.TextChoices):
        CLIENT = "client"
        NUMBER = "number"
        PAIR = "pair"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    subject = models.CharField(max_length=64)
    starts_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "subject", "starts_at"), name="look_up_counted_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_at:%Y-%m-%d %H}: {self.failures}"
