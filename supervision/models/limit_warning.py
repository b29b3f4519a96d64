"""What the sweep claimed, and what a supervisor issued by hand: a row per warning or card, which stays."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Clock
from applications.models.clock import CLOCK_CHOICES
from halls.models import AppendOnly, User
from supervision.domain.card_life import CardMode, card_number
from supervision.domain.faults import FAULT_CHOICES

_OF_A_CLOCK = Q(clock__isnull=False, issued_by__isnull=True, issued_person="", fault="", happened_on__isnull=True)
_BY_HAND = Q(clock__isnull=True, issued_by__isnull=False, happened_on__isnull=False, level__in=["yellow", "red"])


class LimitWarning(AppendOnly):
    """A warning (预警), yellow card or red card that a clock earned, or that a supervisor issued for another fault.

    Unique per clock, rung and arming: two sweeps, or one three days late, write the same rows. A warning is armed anew
    where an extension or a pause lies between it and the one before, because it blames nobody and somebody has to know
    of the new last days; yellow and red come once in the life of a clock (ADR 11).
    `effective_at` is when the rung was reached, `recorded_at` when the sweep found it, `seat_path` who held the case
    when it was reached. The database finds out that and takes all else from the clock, refuses a rung that the clock
    has not reached, and queues each new row for telling. `mode` is the database's, too: the rule of the clock says
    whether a card waits for a supervisor; until then it counts for nothing (`CardReview`, domain/card_life.py).
    """

    class Level(models.TextChoices):
        WARNING = "warning", _("预警")
        YELLOW = "yellow", _("黄牌")
        RED = "red", _("红牌")

    class Mode(models.TextChoices):
        AUTO = CardMode.AUTO.value, _("自动")
        CONFIRMED = CardMode.CONFIRMED.value, _("自动，经确认")
        MANUAL = CardMode.MANUAL.value, _("人工")

    clock = models.ForeignKey(Clock, models.PROTECT, null=True, blank=True, related_name="warnings")
    application = models.ForeignKey(Application, models.PROTECT, related_name="warnings")
    level = models.CharField(_("级别"), max_length=8, choices=Level.choices)
    arming = models.PositiveSmallIntegerField(default=1)
    clock_kind = models.CharField(max_length=16, blank=True)
    step_seq = models.PositiveSmallIntegerField(null=True, blank=True)
    seat_path = models.CharField(max_length=96)
    effective_at = models.DateTimeField(_("生效时间"))
    recorded_at = models.DateTimeField(_("记录时间"))
    is_late = models.BooleanField(_("补记"), default=False)
    mode = models.CharField(
        _("发牌方式"), max_length=9, choices=Mode.choices, default=Mode.AUTO, db_default=CardMode.AUTO.value
    )
    # Of a card by hand: who asks for it, for what and on which ground. Empty for what a clock earned.
    issued_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("发牌人")
    )
    issued_person = models.CharField(max_length=32, blank=True, db_default="")
    fault = models.CharField(_("事由"), max_length=24, choices=FAULT_CHOICES, blank=True, db_default="")
    facts = models.CharField(_("事实"), max_length=1000, blank=True, db_default="")
    citation = models.CharField(_("依据"), max_length=300, blank=True, db_default="")
    happened_on = models.DateField(_("发生日期"), null=True, blank=True)

    class Meta(AppendOnly.Meta):
        ordering = ("-effective_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("clock", "level", "arming"), name="warning_once_per_rung"),
            # The same charge again only behind each that was revoked or cancelled, which the database counts.
            models.UniqueConstraint(
                fields=("application", "seat_path", "fault", "happened_on", "arming"),
                condition=Q(mode=CardMode.MANUAL.value),
                name="warning_by_hand_once",
            ),
            models.CheckConstraint(condition=Q(level__in=["warning", "yellow", "red"]), name="warning_has_a_level"),
            models.CheckConstraint(
                condition=Q(clock__isnull=False, clock_kind__in=[kind for kind, _label in CLOCK_CHOICES])
                | Q(clock__isnull=True, clock_kind=""),
                name="warning_has_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(mode__in=[CardMode.AUTO.value, CardMode.CONFIRMED.value]) & _OF_A_CLOCK
                | Q(mode=CardMode.MANUAL.value) & _BY_HAND & ~Q(fault="") & ~Q(facts="") & ~Q(citation=""),
                name="warning_of_a_clock_or_by_hand",
            ),
        )
        indexes = (
            models.Index(fields=("-effective_at", "-id"), name="warning_recent"),
            # What waits for a supervisor, and the red cards that open an account.
            models.Index(fields=("id",), name="warning_not_automatic", condition=~Q(mode=CardMode.AUTO.value)),
            models.Index(fields=("id",), name="warning_red", condition=Q(level="red")),
            # What a body reads of itself.
            models.Index(
                fields=("seat_path",),
                name="warning_of_body",
                opclasses=("varchar_pattern_ops",),
                condition=Q(level__in=["yellow", "red"]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.level} {self.number}"

    @property
    def number(self) -> str:
        """监察编号."""
        return card_number(timezone.localtime(self.recorded_at).date(), self.pk or 0)

    @property
    def is_card(self) -> bool:
        return self.level != self.Level.WARNING
