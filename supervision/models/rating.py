"""好差评: what a villager thought of the service, and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from halls.models import AppendOnly, Hall, User
from supervision.domain.ratings import ACTS, BAD, CHANNELS, LEVELS, STATES, State
from supervision.models.kept_file import KeptFile
from supervision.models.term import Term


class Rating(models.Model):
    """One rating of one case (一次服务一次评价), given at the hall that took it in and hands the result over.

    `path` is that hall; `held_path` is against whom it counts.
    What was said never changes. `state` and `validity` follow the newest acts, which the database sees to; an excluded
    rating stays, with the reason, and counts nowhere.
    """

    class Validity(models.TextChoices):
        UNJUDGED = "", _("未判定")
        VALID = "valid", _("有效")
        INVALID = "invalid", _("没有依据")
        EXCLUDED = "excluded", _("已剔除")

    application = models.OneToOneField(Application, models.PROTECT, related_name="rating", verbose_name=_("办件"))
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="ratings", verbose_name=_("被评价的大厅"))
    path = models.CharField(max_length=64)
    level = models.PositiveSmallIntegerField(_("满意程度"), choices=tuple(LEVELS.items()))
    details = models.JSONField(_("评价细项"), default=list, blank=True)
    text = models.CharField(_("文字评价"), max_length=500, blank=True)
    channel = models.CharField(_("评价渠道"), max_length=8, choices=tuple((c.value, w) for c, w in CHANNELS.items()))
    rated_at = models.DateTimeField(_("评价时间"))
    # Keyed hashes: who rated from where is nobody's business, that many came from one place is.
    client = models.CharField(max_length=64, blank=True)
    device = models.CharField(max_length=64, blank=True)
    earlier = models.PositiveSmallIntegerField(_("此前同一来源的评价"), default=0)
    # Of a rating by telephone or on paper: who wrote it down.
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    entered_person = models.CharField(max_length=32, blank=True)
    state = models.CharField(_("办理状态"), max_length=12, choices=tuple((s.value, w) for s, w in STATES.items()))
    validity = models.CharField(_("有效性"), max_length=8, choices=Validity.choices, blank=True, default="")
    contact_term = models.OneToOneField(Term, models.PROTECT, null=True, blank=True, related_name="rating_to_contact")
    rectify_term = models.OneToOneField(Term, models.PROTECT, null=True, blank=True, related_name="rating_to_rectify")
    # 责任单位: the rated hall until it was judged, then whoever has to put it right. The database keeps it.
    held_path = models.CharField(max_length=96, default="", db_default="", editable=False)

    class Meta:
        verbose_name = _("好差评")
        verbose_name_plural = _("好差评")
        ordering = ("-rated_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="rating_has_a_level"),
            models.CheckConstraint(
                condition=Q(level__gte=3) | ~Q(details=[]) | ~Q(text=""), name="rating_bad_says_why"
            ),
            models.CheckConstraint(
                condition=Q(level__gte=3) | Q(contact_term__isnull=False), name="rating_bad_has_its_limit"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["phone", "post"], entered_by__isnull=False)
                | Q(channel__in=["qr", "web", "tablet"], entered_by__isnull=True),
                name="rating_entered_by_somebody_or_given",
            ),
        )
        indexes = (
            models.Index(fields=("path", "-rated_at"), name="rating_of_hall", opclasses=("text_pattern_ops", "")),
            models.Index(fields=("held_path", "-rated_at"), name="rating_held", opclasses=("text_pattern_ops", "")),
            models.Index(fields=("state", "rated_at"), name="rating_open", condition=~Q(state__in=["plain", "closed"])),
            models.Index(fields=("client", "rated_at"), name="rating_from_client", condition=~Q(client="")),
            models.Index(fields=("device", "rated_at"), name="rating_from_device", condition=~Q(device="")),
            models.Index(fields=("rated_at",), name="rating_of_time"),
        )

    def __str__(self) -> str:
        return f"{self.level} {self.application_id}"

    @property
    def is_bad(self) -> bool:
        return self.level in BAD

    @property
    def stands(self) -> State:
        return State(self.state)


class RatingScan(KeptFile):
    """The paper on which a rating came: whoever writes it down spends the villager's only one, so it is kept."""

    rating = models.OneToOneField(Rating, models.PROTECT, related_name="scan")

    class Meta(KeptFile.Meta):
        verbose_name = _("书面评价扫描件")
        verbose_name_plural = _("书面评价扫描件")
        ordering = ("rating",)
        constraints = (
            *KeptFile.Meta.constraints,
            models.CheckConstraint(
                condition=Q(media_type__in=["image/jpeg", "image/png", "application/pdf"]), name="ratingscan_is_a_scan"
            ),
        )


class RatingAct(AppendOnly):
    """One act about a rating: what was done, by whom, in which words. The database stamps the moment."""

    rating = models.ForeignKey(Rating, models.PROTECT, related_name="acts")
    act = models.CharField(_("办理"), max_length=8, choices=tuple((a.value, w) for a, w in ACTS.items()))
    to_state = models.CharField(max_length=12, choices=tuple((s.value, w) for s, w in STATES.items()))
    reason = models.CharField(_("情况"), max_length=500)
    # Of a rating found valid: what the hall reads of it; the reason names who said what. Of one found without ground:
    # why, as everybody reads it once another person has confirmed it.
    demand = models.CharField(_("整改要求"), max_length=500, blank=True, default="", db_default="")
    # Of a rating held against another body than the rated hall: why, as both of them read it.
    held_why = models.CharField(_("判定责任单位的理由"), max_length=500, blank=True, default="", db_default="")
    # Of the revisit: whether the villager is content now.
    is_content = models.BooleanField(_("回访满意"), null=True, blank=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("经办人"))
    person_code = models.CharField(max_length=32)
    at = models.DateTimeField(_("时间"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("好差评办理")
        verbose_name_plural = _("好差评办理")
        ordering = ("rating", "pk")
        constraints = (
            models.UniqueConstraint(fields=("rating", "act"), condition=~Q(act="attempt"), name="ratingact_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="ratingact_says_what"),
            models.CheckConstraint(
                condition=Q(act="revisit", is_content__isnull=False) | ~Q(act="revisit") & Q(is_content=None),
                name="ratingact_revisit_tells_whether_content",
            ),
        )

    def __str__(self) -> str:
        return f"{self.act} {self.rating_id}"


class CallbackDraw(AppendOnly):
    """The sample of one week: with the seed anybody draws it again from the same cases."""

    week = models.DateField(_("周（周一）"), unique=True)
    seed = models.CharField(max_length=64)
    percent = models.PositiveSmallIntegerField(_("比例"))
    population = models.PositiveIntegerField(_("代办件总数"))
    drawn_at = models.DateTimeField(_("抽取时间"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("代办件回访抽样")
        verbose_name_plural = _("代办件回访抽样")
        ordering = ("-week",)

    def __str__(self) -> str:
        return str(self.week)


class Callback(AppendOnly):
    """A delivered case whose applicant is to be called."""

    draw = models.ForeignKey(CallbackDraw, models.PROTECT, related_name="callbacks")
    application = models.OneToOneField(Application, models.PROTECT, related_name="callback")
    path = models.CharField(max_length=64)

    class Meta(AppendOnly.Meta):
        verbose_name = _("代办件回访")
        verbose_name_plural = _("代办件回访")
        ordering = ("-pk",)
        indexes = (models.Index(fields=("path", "-id"), name="callback_of_hall", opclasses=("text_pattern_ops", "")),)

    def __str__(self) -> str:
        return f"{self.draw_id} {self.application_id}"


class CallbackCall(AppendOnly):
    """One call: nobody answered, or what the villager said."""

    callback = models.ForeignKey(Callback, models.PROTECT, related_name="calls")
    is_reached = models.BooleanField(_("接通"))
    was_served = models.BooleanField(_("委托办理属实"), null=True, blank=True)
    has_papers = models.BooleanField(_("结果已收到"), null=True, blank=True)
    has_paid = models.BooleanField(_("被收过费用"), null=True, blank=True)
    note = models.CharField(_("情况"), max_length=500, blank=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("回访人"))
    person_code = models.CharField(max_length=32)
    at = models.DateTimeField(_("时间"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("回访通话")
        verbose_name_plural = _("回访通话")
        ordering = ("callback", "pk")
        constraints = (
            models.UniqueConstraint(fields=("callback",), condition=Q(is_reached=True), name="call_reached_once"),
            models.CheckConstraint(
                condition=Q(is_reached=True, was_served__isnull=False, has_papers__isnull=False, has_paid__isnull=False)
                | Q(is_reached=False, was_served=None, has_papers=None, has_paid=None),
                name="call_reached_has_its_answers",
            ),
            models.CheckConstraint(condition=~Q(has_paid=True) | ~Q(note=""), name="call_paid_says_what"),
        )

    def __str__(self) -> str:
        return f"{self.callback_id} {self.at}"
