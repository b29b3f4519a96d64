"""The case (办件) and the route it takes."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.domain.lifecycle import OPEN, STATUS_LABELS, Status, StepFacts, StepKind
from applications.models.applicant import Applicant
from applications.querysets import ApplicationQuerySet
from halls.models import Department, Hall, User
from matters.models import Matter, MatterVersion

STATUS_CHOICES = tuple((status.value, label) for status, (label, _code) in STATUS_LABELS.items())
IS_OPEN = Q(status__in=sorted(OPEN))


class Application(models.Model):
    """One case. Every column about time, status and place is a projection of its event chain.

    Only applications/actions/ moves these columns, and only by a row of the lifecycle table.
    `path` is where it was filed; `seat_path` is the organ that holds it now; `warn_at` and
    `late_at` are the earliest yellow and red moments of its clocks (while paused only what had passed before), so
    that the light of a list row is a comparison with now, never a stored colour. The database lets dates,
    status and people change only together with a new event.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("办件编号"), max_length=16, unique=True, null=True, blank=True)
    status = models.CharField(_("状态"), max_length=16, choices=STATUS_CHOICES, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=0)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="applications")
    guide = models.ForeignKey(MatterVersion, models.PROTECT, related_name="applications")
    applicant = models.OneToOneField(Applicant, models.PROTECT, null=True, blank=True, related_name="application")
    form = models.JSONField(_("表单"), default=dict, blank=True)
    # Of a renewal only: the last day of the permit in hand. After submission it never changes.
    permit_expires_on = models.DateField(_("原许可有效期至"), null=True, blank=True)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="applications")
    path = models.CharField(max_length=64)
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    accept_path = models.CharField(max_length=96, blank=True)
    step_seq = models.PositiveSmallIntegerField(null=True, blank=True)
    step_kind = models.CharField(max_length=16, blank=True)
    seat_hall = models.ForeignKey(Hall, models.PROTECT, null=True, blank=True, related_name="+")
    seat_department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    seat_path = models.CharField(max_length=96, blank=True)
    result_path = models.CharField(max_length=96, blank=True)
    destination_path = models.CharField(max_length=96, blank=True)
    result_number = models.CharField(_("结果文号"), max_length=64, blank=True)

    created_at = models.DateTimeField(_("建立时间"))
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    received_at = models.DateTimeField(_("收件时间"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    moved_at = models.DateTimeField(_("最近变动"))
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    accepted_person = models.CharField(max_length=32, blank=True)
    was_corrected = models.BooleanField(default=False)
    was_extended = models.BooleanField(default=False)

    # The head of the event chain: cutting its tail off shows.
    event_seq = models.PositiveIntegerField(default=0)
    event_hash = models.CharField(max_length=64, blank=True)

    due_at = models.DateTimeField(_("承诺到期"), null=True, blank=True)
    is_provisional = models.BooleanField(_("暂算"), default=False)
    warn_at = models.DateTimeField(null=True, blank=True)
    late_at = models.DateTimeField(null=True, blank=True)
    # When the granted days of a running special procedure end: from then on the promise counts again.
    paused_until = models.DateTimeField(null=True, blank=True)
    # The ended case of the same person for the same matter that this one follows within 90 days (撤回后重报).
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followed_by")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("办件")
        verbose_name_plural = _("办件")
        constraints = (
            models.CheckConstraint(condition=Q(status__in=[s.value for s in Status]), name="application_known_status"),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT) | Q(number__isnull=False),
                name="application_numbered_once_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.SUSPENDED) | Q(late_at__isnull=True) | Q(late_at__lt=F("moved_at")),
                name="application_suspended_was_late_or_has_no_date",
            ),
        )
        indexes = (
            # Inboxes: open rows by the organ that holds them, most urgent first.
            models.Index(
                fields=("seat_path", "late_at", "id"),
                name="application_inbox",
                opclasses=("varchar_pattern_ops", "timestamptz_ops", "int8_ops"),
                condition=IS_OPEN,
            ),
            models.Index(
                fields=("path", "status", "-id"),
                name="application_tree",
                opclasses=("varchar_pattern_ops", "varchar_pattern_ops", "int8_ops"),
            ),
            models.Index(fields=("late_at", "id"), name="application_late", condition=IS_OPEN),
            # What the sweep wakes.
            models.Index(
                fields=("paused_until",), name="application_sleeps_until", condition=Q(paused_until__isnull=False)
            ),
            # What silence may renew: few, whatever else runs.
            models.Index(
                fields=("permit_expires_on",),
                name="application_permit_ends",
                condition=Q(permit_expires_on__isnull=False, status__in=(Status.IN_PROGRESS, Status.SUSPENDED)),
            ),
            models.Index(
                fields=("accept_path",),
                name="application_acceptor",
                opclasses=("varchar_pattern_ops",),
            ),
        )

    def __str__(self) -> str:
        return self.number or f"草稿 {self.key}"

    @property
    def display_number(self) -> str:
        """The number in groups of four, as printed and read aloud."""
        number = self.number or ""
        return " ".join(number[i : i + 4] for i in range(0, len(number), 4))

    @property
    def seat_name(self) -> str:
        node = self.seat_department or self.seat_hall
        return node.name if node else ""


class ApplicationStep(models.Model):
    """A step of this case's own route, resolved to a real organ when it was submitted.

    Never changed afterwards: when a step was entered and left is in the step clocks.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="steps")
    seq = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=64)
    level = models.CharField(max_length=16)
    kind = models.CharField(max_length=16)
    organ = models.CharField(max_length=96)
    days = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=4)
    counts = models.BooleanField()
    # Discharged by acceptance itself: 受理 at the village and at the window.
    is_leading = models.BooleanField(default=False)
    is_final_decision = models.BooleanField(default=False)
    is_after_decision = models.BooleanField(default=False)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    path = models.CharField(max_length=96)

    class Meta:
        ordering = ("application", "seq")
        constraints = (models.UniqueConstraint(fields=("application", "seq"), name="route_step_once"),)
        indexes = (
            models.Index(
                fields=("path", "application"),
                name="route_by_organ",
                opclasses=("varchar_pattern_ops", "int8_ops"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.seq}. {self.name}"

    def facts(self, first_seq: int) -> StepFacts:
        """What the lifecycle table asks about this step; `first_seq` opens the examined route."""
        return StepFacts(
            kind=StepKind(self.kind),
            is_final_decision=self.is_final_decision,
            has_previous=self.seq > first_seq,
            is_after_decision=self.is_after_decision,
        )
