"""Limits that do not belong to a case: an inquiry, a complaint, a bad rating, a supervision order (T9 to T12)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.domain.transitions import CASE_CLOCKS, CLOCK_LABELS, ClockKind, ClockMove
from halls.domain.duties import DUTY_LABELS
from halls.models import AppendOnly, User

TERM_KINDS: tuple[ClockKind, ...] = tuple(kind for kind in ClockKind if kind not in CASE_CLOCKS)
TERM_CHOICES = tuple((kind.value, CLOCK_LABELS[kind]) for kind in TERM_KINDS)
MOVES = (ClockMove.START, ClockMove.EXTEND, ClockMove.STOP)


class Term(models.Model):
    """One limit of something that is no case. Whatever it belongs to points at it (`OneToOneField(Term)`).

    It never pauses. Its dates are derived from its facts by one function (supervision/actions/_terms.py), stored to be
    indexed, and rewritten with the calendar. Moments are the database's; amount, unit and kind never change.
    `seat_path` and `duty`: whoever holds this duty there has to act. `title` names it to staff, and nobody in it.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("计时中")
        STOPPED = "stopped", _("已停止")

    kind = models.CharField(_("时限"), max_length=16, choices=TERM_CHOICES)
    title = models.CharField(_("事由"), max_length=120)
    page = models.CharField(_("办理页面"), max_length=120)
    seat_path = models.CharField(_("由谁办理"), max_length=96)
    duty = models.CharField(
        _("办理职责"), max_length=16, choices=[(d.value, label) for d, label in DUTY_LABELS.items()]
    )
    amount = models.PositiveSmallIntegerField(_("期限"))
    unit = models.CharField(max_length=4)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField(_("起算"))
    stopped_at = models.DateTimeField(_("停止"), null=True, blank=True)
    due_at = models.DateTimeField(_("到期"))
    is_provisional = models.BooleanField(default=False)
    warn_at = models.DateTimeField(null=True, blank=True)
    yellow_at = models.DateTimeField(null=True, blank=True)
    red_at = models.DateTimeField(null=True, blank=True)
    next_action_at = models.DateTimeField(null=True, blank=True)
    # Under which calendar, and through which fact, the dates were written: stamped by the database, which lets them
    # move for a new one of either alone.
    calendar = models.TextField(blank=True, default="", db_default="", editable=False)
    told_through = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        verbose_name = _("监察时限")
        verbose_name_plural = _("监察时限")
        ordering = ("-started_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in TERM_KINDS]), name="term_has_a_kind"),
            models.CheckConstraint(
                condition=Q(state="stopped", stopped_at__isnull=False) | Q(state="running", stopped_at__isnull=True),
                name="term_stopped_has_its_moment",
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("started_at")), name="term_ends_after_its_start"),
        )
        indexes = (
            models.Index(
                fields=("next_action_at", "id"), name="term_next_action", condition=Q(next_action_at__isnull=False)
            ),
            models.Index(fields=("kind", "due_at", "id"), name="term_open", condition=Q(state="running")),
            models.Index(fields=("stopped_at",), name="term_stopped", condition=Q(stopped_at__isnull=False)),
            models.Index(fields=("seat_path", "kind"), name="term_of_seat", opclasses=("text_pattern_ops", "")),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class TermFact(AppendOnly):
    """What happened to a limit: started, extended (by how much, why), stopped. The database stamps the moment."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="facts")
    move = models.CharField(max_length=8, choices=[(m.value, m.value) for m in MOVES])
    at = models.DateTimeField(_("时间"))
    amount = models.PositiveSmallIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=4, blank=True)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    # None: a villager, or the system.
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    person_code = models.CharField(max_length=32, blank=True)

    class Meta(AppendOnly.Meta):
        ordering = ("term", "pk")
        constraints = (
            models.UniqueConstraint(fields=("term", "move"), name="termfact_once"),  # started, extended, stopped once
            models.CheckConstraint(
                condition=Q(move="extend", amount__gt=0) & ~Q(reason="") | ~Q(move="extend"),
                name="termfact_extended_for_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.move} {self.term_id}"


class TermWarning(AppendOnly):
    """A rung that a limit reached: claimed once by the sweep, with its moment and whose it was then.

    An extension arms the warning anew (`arming`, of the database); yellow and red come once in the life of a limit.
    """

    class Level(models.TextChoices):
        WARNING = "warning", _("预警")
        YELLOW = "yellow", _("黄灯")
        RED = "red", _("红灯")

    term = models.ForeignKey(Term, models.PROTECT, related_name="warnings")
    level = models.CharField(_("级别"), max_length=8, choices=Level.choices)
    arming = models.PositiveSmallIntegerField(default=1, db_default=1)
    seat_path = models.CharField(max_length=96)
    effective_at = models.DateTimeField(_("生效时间"))
    recorded_at = models.DateTimeField(_("记录时间"))
    is_late = models.BooleanField(_("补记"), default=False)

    class Meta(AppendOnly.Meta):
        verbose_name = _("监察时限预警")
        verbose_name_plural = _("监察时限预警")
        ordering = ("-effective_at", "-pk")
        constraints = (models.UniqueConstraint(fields=("term", "level", "arming"), name="termwarning_once"),)
        indexes = (models.Index(fields=("-effective_at", "-id"), name="termwarning_recent"),)

    def __str__(self) -> str:
        return f"{self.level} {self.term_id}"
