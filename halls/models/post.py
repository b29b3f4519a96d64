"""Posts (岗位) that people hold for dates, and delegations (授权委托) of deciding power."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from halls.domain.duties import POST_LABELS
from halls.models.hall import Department, Hall, Window
from halls.models.user import User

POST_CHOICES = tuple((kind.value, label) for kind, label in POST_LABELS.items())
ONE_NODE = (Q(hall__isnull=False) & Q(department__isnull=True)) | (Q(hall__isnull=True) & Q(department__isnull=False))


class Post(models.Model):
    """A person's post on one node. A duty granted on the node counts only while a post is in force."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    kind = models.CharField(_("岗位"), max_length=24, choices=POST_CHOICES)
    title = models.CharField(_("职务"), max_length=64)
    hall = models.ForeignKey(Hall, models.PROTECT, null=True, blank=True, related_name="posts")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="posts")
    window = models.ForeignKey(Window, models.PROTECT, null=True, blank=True, related_name="posts")
    backup_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="backups", verbose_name=_("B角")
    )
    starts_on = models.DateField(_("任职日期"))
    ends_on = models.DateField(_("离任日期"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("岗位")
        verbose_name_plural = _("岗位")
        constraints = (
            models.CheckConstraint(condition=ONE_NODE, name="post_on_one_node"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="post_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Delegation(models.Model):
    """Deciding power lent to another person for dates (授权书). Checked at the decision."""

    grantor = models.ForeignKey(User, models.PROTECT, related_name="delegations_given")
    grantee = models.ForeignKey(User, models.PROTECT, related_name="delegations_held")
    hall = models.ForeignKey(Hall, models.PROTECT, null=True, blank=True, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    document_no = models.CharField(_("授权书文号"), max_length=64)
    starts_on = models.DateField(_("开始"))
    ends_on = models.DateField(_("结束"))
    revoked_on = models.DateField(_("撤回日期"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("授权委托")
        verbose_name_plural = _("授权委托")
        constraints = (
            models.CheckConstraint(condition=ONE_NODE, name="delegation_on_one_node"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="delegation_ends_after_start"),
            models.CheckConstraint(condition=~Q(grantor=F("grantee")), name="delegation_to_another_person"),
        )

    def __str__(self) -> str:
        return self.document_no
