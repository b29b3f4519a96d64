"""督办单: what a supervisor asked of an organ, and every act about it since."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from halls.domain.duties import DUTY_LABELS
from halls.models import AppendOnly, User
from supervision.domain.orders import ACT_LABELS, OPEN, STATE_LABELS, Act, State, order_number
from supervision.models.kept_file import KeptFile
from supervision.models.limit_warning import LimitWarning
from supervision.models.term import Term

_OPEN = sorted(state.value for state in OPEN)


class SupervisionOrder(models.Model):
    """One order about a case, a card (then about its case too), or a matter of the organ's own.

    What was ordered never changes; `state` and `term` are what the latest act made them, and the database refuses
    anything else. It draws the number too: one series for each office and year, without a gap. `series`: what stands
    before the numbers of an office below the county, its hall named with it; orders of before offices counted for
    themselves have none.
    `organ_path` and `duty`: whoever holds this duty there answers, or at `above_path` ("": nobody above).
    `issuer_path` is the node of the watch that issued it: whoever supervises there verifies.
    """

    county_code = models.CharField(max_length=6)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    series = models.CharField(_("文号代字"), max_length=255, blank=True, default="", db_default="")
    application = models.ForeignKey(Application, models.PROTECT, null=True, blank=True, related_name="orders")
    card = models.ForeignKey(LimitWarning, models.PROTECT, null=True, blank=True, related_name="orders")
    title = models.CharField(_("事由"), max_length=100)
    organ_path = models.CharField(max_length=96)
    organ_name = models.CharField(_("承办单位"), max_length=96)
    above_path = models.CharField(max_length=96, blank=True)
    duty = models.CharField(
        _("由谁回复"), max_length=16, choices=[(d.value, label) for d, label in DUTY_LABELS.items()]
    )
    issuer_path = models.CharField(max_length=96)
    issuer_name = models.CharField(_("签发单位"), max_length=96)
    facts = models.TextField(_("事实"), max_length=2000)
    demand = models.TextField(_("要求"), max_length=1000)
    basis = models.CharField(_("依据"), max_length=300)
    state = models.CharField(
        _("状态"),
        max_length=12,
        choices=[(s.value, label) for s, label in STATE_LABELS.items()],
        default=State.ISSUED.value,
    )
    # The limit that runs now, or ran last; earlier ones are told by the acts that began them.
    term = models.OneToOneField(Term, models.PROTECT, related_name="order")
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("签发人"))
    issued_person = models.CharField(_("人员编号"), max_length=32)
    issued_at = models.DateTimeField(_("签发时间"))

    class Meta:
        verbose_name = _("督办单")
        verbose_name_plural = _("督办单")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("county_code", "series", "year", "serial"), name="order_number_once"),
            models.UniqueConstraint(
                fields=("application", "organ_path"),
                condition=Q(application__isnull=False, state__in=_OPEN),
                name="order_one_open_of_case",
            ),
            models.UniqueConstraint(
                fields=("organ_path", "title"),
                condition=Q(application__isnull=True, state__in=_OPEN),
                name="order_one_open_of_matter",
            ),
            models.CheckConstraint(
                condition=Q(card__isnull=True) | Q(application__isnull=False), name="order_of_card_is_of_its_case"
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(facts="") & ~Q(demand="") & ~Q(basis=""), name="order_says_what_and_why"
            ),
            # A township's own director neither orders nor answers their own order.
            models.CheckConstraint(
                condition=~Q(duty="supervise", organ_path=F("issuer_path")), name="order_is_not_to_oneself"
            ),
        )
        indexes = (
            models.Index(
                fields=("organ_path", "-id"), name="order_of_organ", opclasses=("text_pattern_ops", "int8_ops")
            ),
            models.Index(fields=("issuer_path", "-id"), name="order_of_issuer"),
            models.Index(fields=("above_path", "-id"), name="order_of_above", condition=~Q(above_path="")),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return order_number(self.year, self.serial, self.series)


class OrderAct(AppendOnly):
    """One act about an order; moment and place in the row are the database's.

    `term`: the limit that the act began (issue, send back). `days`: by which it was extended.
    """

    order = models.ForeignKey(SupervisionOrder, models.PROTECT, related_name="acts")
    seq = models.PositiveSmallIntegerField()
    act = models.CharField(_("办理"), max_length=12, choices=[(a.value, label) for a, label in ACT_LABELS.items()])
    words = models.TextField(_("内容"), max_length=2000, blank=True)
    days = models.PositiveSmallIntegerField(_("延期工作日"), null=True, blank=True)
    term = models.OneToOneField(Term, models.PROTECT, null=True, blank=True, related_name="begun_by")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("经办人"))
    person_code = models.CharField(_("人员编号"), max_length=32)
    post = models.CharField(_("岗位"), max_length=200, blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("督办单办理记录")
        verbose_name_plural = _("督办单办理记录")
        ordering = ("order", "seq")
        constraints = (
            models.UniqueConstraint(fields=("order", "seq"), name="orderact_seq_once"),
            models.UniqueConstraint(
                fields=("order", "act"), condition=~Q(act=Act.REPLY.value), name="orderact_once"
            ),  # only a reply may come twice: after it was sent back
            models.CheckConstraint(condition=Q(act="issue") | ~Q(words=""), name="orderact_says_why"),
            models.CheckConstraint(
                condition=Q(act="extend", days__gt=0) | ~Q(act="extend") & Q(days__isnull=True),
                name="orderact_extends_by_days",
            ),
            models.CheckConstraint(
                condition=Q(act__in=["issue", "send_back"], term__isnull=False)
                | ~Q(act__in=["issue", "send_back"]) & Q(term__isnull=True),
                name="orderact_begins_a_limit",
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_id} {self.seq} {self.act}"


class OrderFile(KeptFile):
    """A file that came with a reply."""

    act = models.ForeignKey(OrderAct, models.PROTECT, related_name="files")
    media_type = models.CharField(_("类型"), max_length=100)

    class Meta(KeptFile.Meta):
        verbose_name = _("督办回复附件")
        verbose_name_plural = _("督办回复附件")
        ordering = ("act", "pk")
