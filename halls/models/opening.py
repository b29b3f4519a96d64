"""When a hall is open for people; nothing that a limit is counted by."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from halls.domain.openings import KIND_LABELS
from halls.models.hall import Hall


class HallOpening(models.Model):
    """One line of opening times: a weekday, or the market days by the last digit of the day of the month (258).

    What was in force on a day stays as it was: a trigger lets the site end a line, add one, or take away one that has
    not been in force before today.
    """

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="openings", verbose_name=_("大厅"))
    kind = models.CharField(
        _("类别"), max_length=8, choices=tuple((kind.value, label) for kind, label in KIND_LABELS.items())
    )
    weekday = models.PositiveSmallIntegerField(
        _("星期"), null=True, blank=True, validators=(MinValueValidator(1), MaxValueValidator(7))
    )
    digits = models.CharField(_("逢几"), max_length=10, blank=True, validators=(RegexValidator(r"^\d+$"),))
    opens = models.TimeField(_("开门"))
    closes = models.TimeField(_("关门"))
    starts_on = models.DateField(_("起用日期"))
    ends_on = models.DateField(_("停用日期"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("开放时间")
        verbose_name_plural = _("开放时间")
        ordering = ("hall", "kind", "weekday", "digits", "opens")
        constraints = (
            models.CheckConstraint(
                condition=Q(weekday__isnull=False, weekday__gte=1, weekday__lte=7, digits="")
                | Q(weekday__isnull=True, digits__regex=r"^\d+$"),
                name="opening_by_weekday_or_digits",
            ),
            models.CheckConstraint(condition=~Q(digits__regex=r"[^0-9]|(.).*\1"), name="opening_digits_once"),
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="opening_before_closing"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="opening_ends_after_its_start"
            ),
            models.UniqueConstraint(
                fields=("hall", "kind", "weekday", "digits", "opens", "starts_on"),
                name="opening_once",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"{self.hall} {self.opens:%H:%M}"
