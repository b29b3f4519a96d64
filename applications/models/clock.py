"""Clocks: a budget, a ledger of facts, and dates derived from them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.domain.transitions import CLOCK_LABELS, ClockMove
from applications.models.application import Application
from halls.models import AppendOnly, Department

CLOCK_CHOICES = tuple((kind.value, label) for kind, label in CLOCK_LABELS.items())


class Clock(models.Model):
    """One limit of one case: a projection of the moves that its case's events tell (`detail["clocks"]`).

    The database lets a clock change only together with a new event of its case (`event_seq`), and its amount
    never. `due_at`, `warn_at`, `yellow_at`, `red_at` and `next_action_at` are derived from the budget, the
    facts and the calendar by one function (applications/actions/_clocks.py), stored only to be indexed, and
    rewritten whenever a fact or the calendar changes. While paused there is no due date, unless it had passed before.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("计时中")
        PAUSED = "paused", _("已暂停")
        STOPPED = "stopped", _("已停止")

    application = models.ForeignKey(Application, models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=16, choices=CLOCK_CHOICES)
    step_seq = models.PositiveSmallIntegerField(null=True, blank=True)
    # Whom the time counts against now. Of an earlier moment `applications_held_at` knows it, by which cards are issued.
    seat_path = models.CharField(max_length=96)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=4)
    # The part of `amount` that earlier steps left over (slack carry); 0 for all other clocks.
    carried = models.PositiveSmallIntegerField(default=0)
    # That of the matter on the day the clock started: its card rules hold, wherever the matter moves (ADR 12).
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+", db_index=False)
    # No later statutory limit stands behind this one, so its own red card must.
    is_alone = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    # The last event of the case that moved this clock or its dates.
    event_seq = models.PositiveIntegerField(default=1)
    due_at = models.DateTimeField(null=True, blank=True)
    is_provisional = models.BooleanField(default=False)
    warn_at = models.DateTimeField(null=True, blank=True)
    yellow_at = models.DateTimeField(null=True, blank=True)
    red_at = models.DateTimeField(null=True, blank=True)
    next_action_at = models.DateTimeField(null=True, blank=True)
    arming = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("时限")
        verbose_name_plural = _("时限")
        ordering = ("application", "started_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("application", "kind"),
                condition=~Q(state="stopped"),
                name="clock_one_open_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(state="paused", paused_at__isnull=False)
                & (Q(due_at__isnull=True) | Q(due_at__lt=F("paused_at")))
                | ~Q(state="paused") & Q(paused_at__isnull=True),
                name="clock_paused_was_over_or_has_no_due_date",
            ),
            models.CheckConstraint(
                condition=Q(state="stopped", stopped_at__isnull=False)
                | Q(~Q(state="stopped"), stopped_at__isnull=True),
                name="clock_stopped_has_its_moment",
            ),
        )
        indexes = (
            # The sweep's only range scan.
            models.Index(
                fields=("next_action_at", "id"),
                name="clock_next_action",
                condition=Q(next_action_at__isnull=False),
            ),
            # What ran out and is followed by law or policy.
            models.Index(fields=("kind", "due_at", "id"), name="clock_run_out", condition=Q(state="running")),
            models.Index(fields=("application", "state"), name="clock_of_application"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.application_id}"


class ClockFact(AppendOnly):
    """What happened to a clock, in order: one row per move that an event tells.

    A trigger takes moment, days granted and extension from that event, and refuses what no event tells.
    """

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="facts")
    move = models.CharField(max_length=8, choices=tuple((m.value, m.value) for m in ClockMove))
    at = models.DateTimeField()
    granted_until = models.DateField(null=True, blank=True)
    # Of an extension: how much more. Of a pause: what the special procedure that the same event starts was granted.
    amount = models.PositiveSmallIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=4, blank=True)
    event_seq = models.PositiveIntegerField()

    class Meta(AppendOnly.Meta):
        ordering = ("clock", "pk")
        constraints = (models.UniqueConstraint(fields=("clock", "event_seq", "move"), name="fact_told_once"),)

    def __str__(self) -> str:
        return f"{self.move} {self.at:%Y-%m-%d %H:%M}"
