"""Who is told at which rung (逐级提醒): rows, never code."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.clock import CLOCK_CHOICES

STUCK_AFTER = 3  # a rung that could not be told so often needs somebody to look


class LadderStep(models.Model):
    """At this level these people are told; `delay_days` working days later, if the clock still runs.

    Rows that name a clock replace, for that clock and level, the rows that name none.
    """

    class Level(models.TextChoices):
        WARNING = "warning", _("预警")
        YELLOW = "yellow", _("黄牌")
        RED = "red", _("红牌")
        DEFAULT_ACTION = "default_action", _("超时默认")

    class Audience(models.TextChoices):
        HANDLER = "handler", _("承办人")
        BACKUP = "backup", _("B角")
        CHIEF = "chief", _("首席代表")
        TOWNSHIP_DIRECTOR = "township_director", _("乡镇负责人")
        COUNTY_SUPERVISOR = "county_supervisor", _("县监察员")
        FILING_CLERK = "filing_clerk", _("代办人")
        APPLICANT = "applicant", _("申请人")

    clock_kind = models.CharField(_("时限"), max_length=16, choices=CLOCK_CHOICES, blank=True)
    level = models.CharField(_("级别"), max_length=16, choices=Level.choices)
    audience = models.CharField(_("提醒谁"), max_length=20, choices=Audience.choices)
    delay_days = models.PositiveSmallIntegerField(_("几个工作日后"), default=0)

    class Meta:
        verbose_name = _("提醒层级")
        verbose_name_plural = _("提醒层级")
        ordering = ("clock_kind", "level", "delay_days", "pk")
        constraints = (models.UniqueConstraint(fields=("clock_kind", "level", "audience"), name="ladder_step_once"),)

    def __str__(self) -> str:
        return f"{self.clock_kind or '*'} {self.level} {self.audience}"


class Untold(models.Model):
    """A claimed rung whose people have not been told yet: the queue between the sweep and the teller.

    Written by a trigger with the row of the rung, of a case or of another limit, deleted by the transaction that
    writes the messages; an act about an order is here when it reached nobody.
    `audience` is empty for the rung itself and names a step of the ladder that waits for its delay.
    """

    warning = models.ForeignKey("supervision.LimitWarning", models.PROTECT, null=True, blank=True, related_name="+")
    term_warning = models.ForeignKey("supervision.TermWarning", models.PROTECT, null=True, blank=True, related_name="+")
    order_act = models.OneToOneField("supervision.OrderAct", models.PROTECT, null=True, blank=True, related_name="+")
    audience = models.CharField(max_length=20, choices=LadderStep.Audience.choices, blank=True)
    next_try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    last_error = models.CharField(max_length=80, blank=True, db_default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("warning", "audience"), name="untold_once"),
            models.UniqueConstraint(fields=("term_warning", "audience"), name="untold_rung_once"),
            models.CheckConstraint(
                condition=models.Q(warning__isnull=False, term_warning=None, order_act=None)
                | models.Q(warning=None, term_warning__isnull=False, order_act=None)
                | models.Q(warning=None, term_warning=None, order_act__isnull=False, audience=""),
                name="untold_is_of_one_thing",
            ),
        )
        indexes = (
            models.Index(fields=("next_try_at", "id"), name="untold_next"),
            models.Index(fields=("id",), name="untold_stuck", condition=models.Q(attempts__gte=STUCK_AFTER)),
        )

    def __str__(self) -> str:
        what = self.warning_id or self.term_warning_id or self.order_act_id
        kind = "warning" if self.warning_id else "term_warning" if self.term_warning_id else "order_act"
        return f"{kind}={what} {self.audience}".rstrip()
