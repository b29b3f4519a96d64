"""Screens on walls: what opens one without anybody being logged in, and when that ended."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from halls.models import AppendOnly, Hall, User


class Screen(AppendOnly):
    """A screen that was let in: whoever has its token sees one page of one hall, and nothing else.

    Kept is only the hash of the token. `at` is stamped by the database. See ADR 19.
    """

    class Kind(models.TextChoices):
        WALL = "wall", _("县指挥大屏")
        HALL = "hall", _("大厅屏")

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="+", verbose_name=_("大厅"))
    kind = models.CharField(_("哪一种"), max_length=8, choices=Kind.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("开通人"))
    at = models.DateTimeField(_("开通时间"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("大屏")
        verbose_name_plural = _("大屏")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=["wall", "hall"]), name="screen_has_a_kind"),
            models.CheckConstraint(
                condition=models.Q(token_hash__regex=r"^[0-9a-f]{64}$"),  # noqa: S106 - a pattern, not a password
                name="screen_has_a_hash",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.hall_id}"


class ScreenEnd(AppendOnly):
    """From here on the token of this screen opens nothing."""

    screen = models.OneToOneField(Screen, models.PROTECT, related_name="end")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("停用人"))
    at = models.DateTimeField(_("停用时间"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("大屏停用")
        verbose_name_plural = _("大屏停用")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.screen_id}"
