"""What followed by itself when a limit had run out, and the brake that holds it back."""

from __future__ import annotations

from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Clock
from halls.models import AppendOnly, User
from matters.domain.timeout import Policy
from matters.models import TimeoutPolicy
from matters.models.timeout import POLICY_LABELS
from supervision.models.limit_warning import LimitWarning
from supervision.models.order import SupervisionOrder

# What opens a record beside the default actions: a red card that was issued, an order closed as not rectified.
RED_CARD = "red_card"
UNRECTIFIED = "unrectified"
_DEFAULTS = sorted(policy.value for policy in Policy if policy is not Policy.NONE)
# What a record of each kind points at; nothing else is lawful.
_OF_A_LIMIT = Q(act__in=_DEFAULTS, application__isnull=False, clock__isnull=False, order__isnull=True)
_OF_A_CARD = Q(
    act=RED_CARD,
    application__isnull=False,
    card__isnull=False,
    order__isnull=True,
    policy__isnull=True,
    fault="organ",
)
# Its case, if it has one, is the order's; its limit and its card are told by the order alone.
_OF_AN_ORDER = Q(
    act=UNRECTIFIED,
    order__isnull=False,
    clock__isnull=True,
    card__isnull=True,
    policy__isnull=True,
    step_seq__isnull=True,
    step_name="",
    fault="organ",
)


class Accountability(AppendOnly):
    """责任追究: default actions, issued red cards and unrectified orders open one each, with who held the duty then.

    What is done about it is told by its acts (`AccountAct`): handled, handed to 纪检监察, closed.
    Dates are the law's, not the sweep's: `breached_at` is the end of the limit, however late `opened_at` is; of an
    order whose limit was met and whose reply was not enough, the closing.
    `holders` are the posts and deputies in force that day at the organ, [{post, title, place, person_code, name}];
    empty: nobody held one. A supplement that did not come is the applicant's own time: `fault` says so, and nobody
    is blamed.
    """

    class Fault(models.TextChoices):
        ORGAN = "organ", _("机构逾期")
        APPLICANT = "applicant", _("申请人未补正，不追究机构")

    # None: an order about a matter of the organ's own.
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, blank=True, related_name="accountabilities", db_index=False
    )
    order = models.OneToOneField(SupervisionOrder, models.PROTECT, null=True, blank=True, related_name="account")
    # None: an order, or a red card that was issued by hand, for a fault that no clock sees.
    clock = models.ForeignKey(Clock, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    act = models.CharField(
        _("起因"),
        max_length=16,
        choices=[
            *((k.value, v) for k, v in POLICY_LABELS.items()),
            (RED_CARD, _("红牌")),
            (UNRECTIFIED, _("督办单未整改")),
        ],
    )
    fault = models.CharField(_("责任"), max_length=12, choices=Fault.choices)
    # None: the law itself, without any policy of the county.
    policy = models.ForeignKey(TimeoutPolicy, models.PROTECT, null=True, blank=True, related_name="+")
    citation = models.CharField(_("依据"), max_length=400)
    step_seq = models.PositiveSmallIntegerField(null=True, blank=True)
    step_name = models.CharField(max_length=64, blank=True)
    seat_path = models.CharField(max_length=96)
    seat_name = models.CharField(_("逾期机构"), max_length=96, blank=True)
    holders = models.JSONField(_("当时的责任人"), default=list)
    card = models.ForeignKey(LimitWarning, models.PROTECT, null=True, blank=True, related_name="+")
    breached_at = models.DateTimeField(_("时限届满"))
    opened_at = models.DateTimeField(_("登记时间"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("责任追究")
        verbose_name_plural = _("责任追究")
        ordering = ("-opened_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("clock", "act"), condition=~Q(act=RED_CARD), name="accountability_once"),
            models.UniqueConstraint(fields=("card",), condition=Q(act=RED_CARD), name="accountability_once_per_card"),
            models.CheckConstraint(
                condition=_OF_A_LIMIT | _OF_A_CARD | _OF_AN_ORDER, name="accountability_of_a_limit_card_or_order"
            ),
        )
        indexes = (
            models.Index(fields=("-opened_at", "-id"), name="accountability_recent"),
            models.Index(fields=("application",), name="accountability_of_case"),
            models.Index(
                fields=("application",), name="accountability_to_release", condition=Q(act=Policy.DEEMED_RENEW.value)
            ),
        )

    def __str__(self) -> str:
        return f"{self.act} {self.order_id or self.application_id}"

    @property
    def case(self) -> Application:
        """Of a record that has one: all but some of orders do (database constraint)."""
        assert self.application is not None
        return self.application

    @property
    def ran_out(self) -> bool:
        """Whether a limit did; an order may also be answered in time, and not well enough."""
        return self.order is None or self.order.term.due_at == self.breached_at

    @property
    def number(self) -> str:
        """Of the order or the case that it is about."""
        return self.order.number if self.order is not None else self.case.number or ""


class Brake(models.Model):
    """Default actions are held back, all of them, until a named person lets them go.

    The database stamps both moments, keeps one brake open at most, and lets a release happen once.
    """

    class Cause(models.TextChoices):
        OUTAGE = "outage", _("巡检停过")
        MASS = "mass", _("一次太多")

    cause = models.CharField(_("原因"), max_length=8, choices=Cause.choices)
    waiting = models.PositiveIntegerField(_("当时等待的件数"))
    # The last finished sweep before the brake; None where there was none.
    silent_since = models.DateTimeField(_("上次巡检"), null=True, blank=True)
    tripped_at = models.DateTimeField(_("刹住时间"))
    released_at = models.DateTimeField(_("放行时间"), null=True, blank=True)
    released_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    released_person = models.CharField(max_length=32, blank=True)
    released_name = models.CharField(_("放行人"), max_length=64, blank=True)
    reason = models.CharField(_("放行理由"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("超时默认刹车")
        verbose_name_plural = _("超时默认刹车")
        ordering = ("-tripped_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                ExpressionWrapper(Q(released_at__isnull=True), output_field=BooleanField()),
                condition=Q(released_at__isnull=True),
                name="brake_one_open",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True, released_person="", reason="")
                | Q(released_at__isnull=False, released_by__isnull=False) & ~Q(released_person="") & ~Q(reason=""),
                name="brake_released_by_somebody_for_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.cause} {self.tripped_at:%Y-%m-%d %H:%M}"
