"""Messages inside the system, and the texts that leave it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Clock
from halls.models import User
from supervision.models.ladder import LadderStep
from supervision.models.rating import RatingAct
from supervision.models.voice import VoiceAct


class Message(models.Model):
    """One thing that one person was told. Nobody else ever sees it.

    `key` makes telling the same person the same thing twice impossible: `warning:12`, or what the caller
    gave (`urge:<id>`: one for each urge, which are counted where they are written).
    """

    class Kind(models.TextChoices):
        LIMIT = "limit", _("时限提醒")
        TELL_VILLAGER = "tell_villager", _("告知申请人")
        DATES_MOVED = "dates_moved", _("到期日变动")
        NOTICE = "notice", _("通知")

    user = models.ForeignKey(User, models.PROTECT, related_name="messages", db_index=False)
    kind = models.CharField(_("类别"), max_length=16, choices=Kind.choices)
    level = models.CharField(_("级别"), max_length=16, choices=LadderStep.Level.choices, blank=True)
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="messages", null=True, blank=True, db_index=False
    )
    clock = models.ForeignKey(Clock, models.PROTECT, related_name="+", null=True, blank=True, db_index=False)
    words = models.CharField(_("内容"), max_length=500)
    # {"cases": [{"number", "matter", "before", "after", "tell"}], "more": n} of a digest about several cases; "tell":
    # whoever reads it is to tell the villager. {"sign": {"kind", "id"}} of a proposal to be signed.
    detail = models.JSONField(default=dict, blank=True)
    key = models.CharField(max_length=80)
    made_at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = _("消息")
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint(fields=("user", "key"), name="message_once"),)
        indexes = (
            models.Index(fields=("user", "-id"), name="message_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=("user", "-id"), name="message_read", condition=Q(read_at__isnull=False)),
            models.Index(fields=("key",), name="message_of_key"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Outbox(models.Model):
    """A text on its way to a telephone, through one channel: about a message, or about an act of a complaint or rating.

    Without `user` it goes to the villager: the applicant of the message's case, whoever complained or asked, whoever
    rated. Their number is opened only when it is sent. Of an act there is one text, which stays as evidence that
    they were told: a trigger lets nobody change what it is about, or anything of one that was sent.
    Rows that leave together share `pulse`, the key by which a gateway knows a repeated text.
    A row that is being sent is one whose `next_try_at` lies ahead: whoever dies leaves it to the next.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待发")
        SENT = "sent", _("已发")
        FAILED = "failed", _("发不出去")
        NEEDLESS = "needless", _("已不需要")

    message = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, related_name="texts", db_index=False)
    voice_act = models.OneToOneField(VoiceAct, models.PROTECT, null=True, blank=True, related_name="text")
    rating_act = models.OneToOneField(RatingAct, models.PROTECT, null=True, blank=True, related_name="text")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True, db_index=False)
    channel = models.CharField(_("渠道"), max_length=16)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)
    not_before = models.DateTimeField(_("最早发送"))
    next_try_at = models.DateTimeField(_("下次发送"))
    attempts = models.PositiveSmallIntegerField(_("已试次数"), default=0)
    pulse = models.CharField(max_length=32, blank=True)
    last_error = models.CharField(_("原因"), max_length=80, blank=True)
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("外发消息")
        verbose_name_plural = _("外发消息")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("message", "channel", "user"),
                condition=Q(message__isnull=False),
                name="text_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(message__isnull=False, voice_act=None, rating_act=None)
                | Q(message=None, user=None, voice_act__isnull=False, rating_act=None)
                | Q(message=None, user=None, voice_act=None, rating_act__isnull=False),
                name="text_has_one_addressee",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | Q(~Q(state="sent"), sent_at__isnull=True),
                name="text_sent_has_its_moment",
            ),
        )
        indexes = (
            models.Index(fields=("next_try_at", "id"), name="text_next", condition=Q(state="waiting")),
            models.Index(fields=("-id",), name="text_stuck", condition=Q(state="failed")),
            models.Index(fields=("pulse",), name="text_pulse", condition=~Q(pulse="")),
            models.Index(fields=("user", "channel", "-sent_at"), name="text_sent", condition=Q(state="sent")),
        )

    def __str__(self) -> str:
        return f"{self.channel} {self.state} {self.pk}"
