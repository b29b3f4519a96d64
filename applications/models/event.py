"""The event chain, the documents it issued, and the hand-overs between halls."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.domain.lifecycle import Verb
from applications.models.application import Application
from halls.models import AppendOnly, User


class Event(AppendOnly):
    """Who did what, when, why: exactly one row per verb, in the transaction of the verb.

    A trigger of the database numbers it, stamps its moment and chains its hash to the event before;
    another refuses every change. `at` offered by the application is kept only while it lies within
    seconds of the database's own clock.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=24, choices=tuple((v.value, v.value) for v in Verb))
    from_status = models.CharField(max_length=16, blank=True)
    to_status = models.CharField(max_length=16)
    at = models.DateTimeField()
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    person_code = models.CharField(max_length=32)
    actor_name = models.CharField(max_length=64)
    actor_post = models.CharField(max_length=64)
    place = models.CharField(max_length=96)
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta(AppendOnly.Meta):
        ordering = ("application", "seq")
        constraints = (models.UniqueConstraint(fields=("application", "seq"), name="event_seq_once"),)
        # Whom a calendar moved is read from here, to be told.
        indexes = (
            models.Index(fields=("id",), name="event_recalculated", condition=Q(verb="recalculate")),
            # A publicity that was cut short or left out (疑点): the condition of the list, word for word.
            models.Index(
                fields=("-at", "-id"),
                name="event_cut_short",
                condition=Q(verb="resume", detail__has_key="ended_early")
                | Q(verb="pass_on", detail__has_key="skipped"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id}#{self.seq} {self.verb}"


class Document(AppendOnly):
    """A paper that a verb issued (受理通知书 …), kept as the facts it printed."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=24)
    number = models.CharField(_("文号"), max_length=64, unique=True)
    event_seq = models.PositiveIntegerField()
    content = models.JSONField(default=dict)
    issued_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ("application", "pk")
        constraints = (
            models.UniqueConstraint(fields=("application", "event_seq", "kind"), name="document_once_per_event"),
        )

    def __str__(self) -> str:
        return self.number


class HandOver(models.Model):
    """The result on its way from one hall to another; both ends confirm (移交清单)."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="hand_overs")
    from_path = models.CharField(max_length=96)
    from_name = models.CharField(max_length=96)
    to_path = models.CharField(max_length=96)
    to_name = models.CharField(max_length=96)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("application", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("application",),
                condition=Q(taken_at__isnull=True),
                name="hand_over_one_on_its_way",
            ),
        )

    def __str__(self) -> str:
        return f"{self.from_name} → {self.to_name}"
