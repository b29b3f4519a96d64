"""What two persons signed about a year of the work calendar; the database lets no other day into it."""

from __future__ import annotations

from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from halls.domain.calendar import FIRST_YEAR, LAST_YEAR
from halls.models.two_persons import TwoPersons


class CalendarNotice(TwoPersons):
    """A notice of the State Council for a year, or the county's own document that adds or takes single days.

    `content` is what it says itself (the keys of Arrangement.as_dict or CountyDays.as_dict), `effective` the whole
    year that results and `sha256` its digest; `base_sha256` is the digest of the year it was rehearsed against.
    `turn` numbers the notices of a year as they came into force: the last one is the year. The trigger gives it,
    and refuses every change of what was proposed. A notice is settled when every case that it moves was moved;
    `settled_through` is the last case that was looked at, `left_over` those before it that could not be moved yet;
    `told_through` is the last of their events that people were told of. `last_case` is the newest case there was when
    it came into force, stamped by a trigger of supervision: of the cases up to it, those that ended long before keep
    their dates.
    """

    # The reason under which the years of an older installation became notices (migration 0004).
    AFTER_UPGRADE: Final = "程序升级后重新核对时限"

    class Kind(models.TextChoices):
        STATE = "state", _("国务院办公厅通知")
        COUNTY = "county", _("本县增减")

    year = models.PositiveSmallIntegerField(
        _("年份"), validators=(MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR))
    )
    kind = models.CharField(_("类别"), max_length=8, choices=Kind.choices)
    document_no = models.CharField(_("文号"), max_length=120, blank=True)
    content = models.JSONField(_("通知内容"))
    effective = models.JSONField(_("全年安排"))
    text = models.TextField(_("粘贴的原文"), blank=True)
    sha256 = models.CharField(_("内容摘要"), max_length=64, validators=(RegexValidator(r"^[0-9a-f]{64}$"),))
    base_sha256 = models.CharField(_("演算所依据的摘要"), max_length=64, blank=True)
    confirm_reason = models.CharField(_("确认理由"), max_length=500, blank=True)
    turn = models.PositiveIntegerField(_("生效次序"), null=True, blank=True)
    settled_through = models.BigIntegerField(_("已重算到"), default=0)
    settled_at = models.DateTimeField(_("重算完成时间"), null=True, blank=True)
    left_over = ArrayField(
        models.BigIntegerField(), verbose_name=_("没有重算成的办件"), default=list, db_default=[], blank=True
    )
    last_case = models.BigIntegerField(_("生效时最后一件办件"), default=0, db_default=0)
    told_through = models.BigIntegerField(_("已告知到"), default=0, db_default=0)
    cases_moved = models.PositiveIntegerField(_("日期有变的办件"), default=0)

    class Meta(TwoPersons.Meta):
        verbose_name = _("日历通知")
        verbose_name_plural = _("日历通知")
        ordering = ("-pk",)
        constraints = (
            *TwoPersons.Meta.constraints,
            models.UniqueConstraint(fields=("year", "turn"), name="calendarnotice_turn_once"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, turn__isnull=True)
                | Q(confirmed_at__isnull=False, turn__isnull=False),
                name="calendarnotice_in_force_has_a_turn",
            ),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="calendarnotice_has_a_digest"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(turn__isnull=False), name="calendarnotice_settles_in_force"
            ),
        )
        indexes = (
            models.Index(
                fields=("id",),
                name="calendarnotice_unsettled",
                condition=Q(settled_at__isnull=True, turn__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.document_no}"
