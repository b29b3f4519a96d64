"""Keys that make a submission happen once, and the record of who looked at personal data."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from halls.models import AppendOnly, User


class IdempotencyKey(models.Model):
    """The same key and body again gives the same case; another body is refused."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    body_hash = models.CharField(max_length=64)
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "key"), name="idempotency_key_once"),)

    def __str__(self) -> str:
        return self.key


class AccessRecord(AppendOnly):
    """Somebody saw an identity number or phone in the clear, or opened a file, and why."""

    class Kind(models.TextChoices):
        REVEAL = "reveal", _("查看证件号和电话")
        FILE = "file", _("打开材料")

    application = models.ForeignKey(Application, models.PROTECT, related_name="accesses")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    reason = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ("application", "pk")

    def __str__(self) -> str:
        return f"{self.kind} {self.application_id}"
