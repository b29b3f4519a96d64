"""What villagers say: complaints (投诉), repeated trips (多次跑), inquiries (咨询), and what became of them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications import sealing
from applications.domain.identity import mask_name, mask_phone
from applications.models import Application
from halls.models import AppendOnly, Department, Hall, User
from matters.models import Matter
from supervision.domain.voices import (
    CHANNEL_LABELS,
    FEWEST_TRIPS,
    KIND_LABELS,
    STATE_LABELS,
    VERB_LABELS,
    Channel,
    Keeper,
    Kind,
    State,
    spaced,
)
from supervision.models.kept_file import KeptFile
from supervision.models.term import Term
from supervision.querysets import VoiceQuerySet

KIND_CHOICES = tuple((kind.value, label) for kind, label in KIND_LABELS.items())
STATE_CHOICES = tuple((state.value, label) for state, label in STATE_LABELS.items())


class Voice(models.Model):
    """One complaint, report or inquiry.

    `about_path` is the hall or department it is about, `seat_path` where it is handled now: of a complaint above
    whoever is accused; `keeper` is who does, the first in line whom it does not name. Name and telephone are sealed,
    bound to this row and column; the masked ones are for those who handle it. What it says never changes; `state`,
    `seat_path` and the two flags move only with the act that tells it (triggers of the database).
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("编号"), max_length=17, unique=True)
    kind = models.CharField(_("类别"), max_length=12, choices=KIND_CHOICES)
    channel = models.CharField(
        _("渠道"), max_length=8, choices=[(one.value, label) for one, label in CHANNEL_LABELS.items()]
    )
    state = models.CharField(_("状态"), max_length=12, choices=STATE_CHOICES, default=State.LODGED)
    lodged_at = models.DateTimeField(_("提出时间"))

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="voices", verbose_name=_("大厅"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="voices", verbose_name=_("部门")
    )
    about_path = models.CharField(max_length=96)
    accused_person = models.CharField(_("投诉谁"), max_length=60, blank=True)
    # Plain person codes of everybody on the staff whose name stands in it; the database writes it down.
    named = ArrayField(models.CharField(max_length=64), default=list, blank=True, editable=False)
    seat_path = models.CharField(_("由谁办理"), max_length=96)
    keeper = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in Keeper], default=Keeper.SUPERVISOR
    )
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, blank=True, related_name="voices", verbose_name=_("办件")
    )
    matter = models.ForeignKey(
        Matter, models.PROTECT, null=True, blank=True, related_name="voices", verbose_name=_("事项")
    )
    trips = models.PositiveSmallIntegerField(_("跑了几次"), null=True, blank=True)
    words = models.TextField(_("内容"))
    evidence = models.TextField(_("时间、地点、凭据"), blank=True)

    name_sealed = models.BinaryField(editable=False, default=b"", blank=True)
    phone_sealed = models.BinaryField(editable=False, default=b"", blank=True)
    name_masked = models.CharField(_("姓名"), max_length=16, blank=True, editable=False)
    phone_masked = models.CharField(_("电话"), max_length=32, blank=True, editable=False)
    # Who wrote it down for somebody else; None: the villager.
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    term = models.OneToOneField(Term, models.PROTECT, related_name="voice")
    is_released = models.BooleanField(_("已转被投诉单位说明"), default=False)
    is_published = models.BooleanField(_("已公开问答"), default=False)

    objects = VoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("投诉和咨询")
        verbose_name_plural = _("投诉和咨询")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(words=""), name="voice_says_something"),
            models.CheckConstraint(
                condition=Q(kind=Kind.REPEAT, trips__gte=FEWEST_TRIPS) | ~Q(kind=Kind.REPEAT) & Q(trips__isnull=True),
                name="voice_counts_trips_of_repeats",
            ),
            models.CheckConstraint(
                condition=Q(channel=Channel.WEB, recorded_by__isnull=True)
                | ~Q(channel=Channel.WEB) & Q(recorded_by__isnull=False),
                name="voice_is_recorded_by_somebody",
            ),
        )
        indexes = (
            models.Index(
                fields=("seat_path", "-id"), name="voice_of_seat", opclasses=("varchar_pattern_ops", "int8_ops")
            ),
            models.Index(fields=("about_path",), name="voice_about"),
        )

    def __str__(self) -> str:
        return self.number

    def put_person(self, *, name: str, phone: str) -> None:
        """Seal checked particulars (does not save); whoever gives none stays anonymous."""
        row = str(self.key)
        self.name_sealed = sealing.seal(name, row=row, field="voice_name") if name else b""
        self.phone_sealed = sealing.seal(phone, row=row, field="voice_phone") if phone else b""
        self.name_masked = mask_name(name)[:16]
        self.phone_masked = mask_phone(phone)

    def open_name(self) -> str:
        """The name in the clear. Call only through the `reveal_voice` action."""
        return (
            sealing.unseal(bytes(self.name_sealed), row=str(self.key), field="voice_name") if self.name_sealed else ""
        )

    def open_phone(self) -> str:
        """The telephone in the clear. Call only through the `reveal_voice` action."""
        if not self.phone_sealed:
            return ""
        return sealing.unseal(bytes(self.phone_sealed), row=str(self.key), field="voice_phone")

    @property
    def is_anonymous(self) -> bool:
        return not self.name_masked and not self.phone_masked

    @property
    def display_number(self) -> str:
        return spaced(self.number)

    @property
    def about_name(self) -> str:
        """Of the hall or department; both are to be selected with the row."""
        return self.department.name if self.department else self.hall.name


class VoiceAct(AppendOnly):
    """Who did what about it, when and in which words. The database stamps the moment and checks the step.

    `words` is what was done or said; `ground` the ground of a refusal, the result of an answer, how it was told, the
    days of an extension; `more` the last day as it was told, the other way of a refusal, or, of a publication whose
    `words` are the question as everybody reads it, the answer. `paper` is the number of the paper it issued.
    """

    voice = models.ForeignKey(Voice, models.PROTECT, related_name="acts")
    verb = models.CharField(
        _("处理"), max_length=12, choices=[(one.value, label) for one, label in VERB_LABELS.items()]
    )
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    at = models.DateTimeField(_("时间"))
    # None: the villager.
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    person_code = models.CharField(max_length=32, blank=True)
    actor_name = models.CharField(max_length=64, blank=True)
    actor_post = models.CharField(max_length=64, blank=True)
    place = models.CharField(max_length=96, blank=True)
    words = models.TextField(_("内容"), blank=True)
    more = models.TextField(blank=True)
    ground = models.CharField(max_length=16, blank=True)
    paper = models.CharField(_("文号"), max_length=64, blank=True)

    class Meta(AppendOnly.Meta):
        verbose_name = _("投诉和咨询的处理")
        verbose_name_plural = _("投诉和咨询的处理")
        ordering: ClassVar = ("voice", "pk")
        constraints = (
            models.UniqueConstraint(fields=("paper",), condition=~Q(paper=""), name="voiceact_paper_once"),
            models.UniqueConstraint(fields=("voice",), condition=Q(verb="lodge"), name="voiceact_lodged_once"),
            models.UniqueConstraint(fields=("voice",), condition=Q(verb="extend"), name="voiceact_extended_once"),
        )

    def __str__(self) -> str:
        return f"{self.verb} {self.voice_id}"


class VoicePhoto(KeptFile):
    """A photo that came with a complaint.

    It is a part of what was said: there before the first act about it, and read by whoever reads the words.
    """

    voice = models.ForeignKey(Voice, models.PROTECT, related_name="photos")

    class Meta(KeptFile.Meta):
        verbose_name = _("投诉照片")
        verbose_name_plural = _("投诉照片")
        ordering: ClassVar = ("voice", "pk")
        constraints = (
            *KeptFile.Meta.constraints,
            models.CheckConstraint(
                condition=Q(media_type__in=["image/jpeg", "image/png"]), name="voicephoto_is_a_picture"
            ),
        )


class LodgingCount(models.Model):
    """How many were lodged without a login from one address in an hour; the address is a keyed hash."""

    client = models.CharField(max_length=64)
    starts_at = models.DateTimeField()
    lodged = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("client", "starts_at"), name="lodging_counted_once"),)

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H}: {self.lodged}"
