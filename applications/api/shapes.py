"""What the API tells about a case. Personal data is masked everywhere; `reveal/` opens it on record."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from applications.domain.lifecycle import Status, StepKind, Verb
from applications.domain.lights import COLOUR_LABELS, Light
from applications.domain.shares import APPLICANT, ORGAN, PICKUP, TRANSFER
from applications.domain.transitions import CLOCK_LABELS, ClockKind
from applications.models import Application, ApplicationStep, Clock
from applications.permissions import available_verbs, may_handle_immediately
from applications.progress_link import progress_url
from applications.sealing import query_code
from applications.selectors.case_page import status_label, step_state
from applications.selectors.find import CaseFile
from applications.selectors.refusal import refused_at
from halls.models import Level

STATUSES = tuple((status.value, status_label(status)) for status in Status)
CLOCK_KINDS = tuple((kind.value, label) for kind, label in CLOCK_LABELS.items())
CLOCK_STATES = Clock.State.choices
STEP_KINDS = tuple((kind.value, kind.value) for kind in StepKind)
COLOURS = tuple((colour.value, label) for colour, label in COLOUR_LABELS.items())
Output = serializers.Serializer[Any]


class NamedSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class LightSerializer(serializers.Serializer[Light]):
    """`days` left in working days, negative when over, null where nothing runs."""

    colour = serializers.ChoiceField(COLOURS)
    words = serializers.CharField()
    days = serializers.IntegerField(allow_null=True)


class RowSerializer(serializers.Serializer[Any]):
    """A case in a list. The context holds `light`, a function of the row."""

    key = serializers.UUIDField()
    number = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(STATUSES)
    status_label = serializers.CharField(source="get_status_display")
    version = serializers.IntegerField()
    matter = NamedSerializer()
    applicant = serializers.SerializerMethodField(help_text=_("已遮盖"))
    hall = NamedSerializer()
    seat = serializers.CharField(source="seat_name", help_text=_("现在在谁手里"))
    light = serializers.SerializerMethodField()
    due_at = serializers.DateTimeField(allow_null=True, help_text=_("承诺到期；受理前和暂停时没有"))
    provisional = serializers.BooleanField(source="is_provisional")
    next_due_at = serializers.DateTimeField(source="late_at", allow_null=True, help_text=_("最近要到期的时限"))
    submitted_at = serializers.DateTimeField(allow_null=True)
    moved_at = serializers.DateTimeField()

    def get_applicant(self, row: Application) -> str:
        return row.applicant.masked_name if row.applicant else ""

    @extend_schema_field(LightSerializer)
    def get_light(self, row: Application) -> Any:
        return LightSerializer(self.context["light"](row)).data


class MaskedApplicantSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(source="masked_name")
    id_kind = serializers.CharField()
    id_number = serializers.CharField(source="id_masked")
    phone = serializers.CharField(source="phone_masked")


class StepSerializer(serializers.Serializer[Any]):
    seq = serializers.IntegerField()
    name = serializers.CharField()
    level = serializers.ChoiceField(Level.choices)
    kind = serializers.ChoiceField(STEP_KINDS)
    place = serializers.SerializerMethodField()
    days = serializers.SerializerMethodField(help_text="本件的份额：受理的大厅承诺得更短的，按比例缩短")
    unit = serializers.CharField()
    counts = serializers.BooleanField()
    state = serializers.SerializerMethodField(help_text="done, current, paused, todo, skipped")

    def get_days(self, step: ApplicationStep) -> int:
        slices: dict[int, int] = self.context["days"]
        return slices.get(step.seq, step.days)

    def get_place(self, step: ApplicationStep) -> str:
        return step.department.name if step.department else step.hall.name

    def get_state(self, step: ApplicationStep) -> str:
        case: Application = self.context["case"]
        accepted, refused = case.accepted_at is not None, self.context["refused_at"]
        return step_state(case, step.seq, is_leading=step.is_leading, accepted=accepted, refused_at=refused)


class ClockSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(CLOCK_KINDS)
    label = serializers.CharField(source="get_kind_display")  # type: ignore[assignment]
    step_seq = serializers.IntegerField(allow_null=True)
    amount = serializers.IntegerField()
    unit = serializers.CharField()
    state = serializers.ChoiceField(Clock.State.choices)
    started_at = serializers.DateTimeField()
    stopped_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    provisional = serializers.BooleanField(source="is_provisional")


class CaseSerializer(serializers.Serializer[Any]):
    """One case as the actor sees it.

    `query_code` and `progress_url` (the content of the QR code) are told to the hall that hands out the receipt.
    """

    key = serializers.UUIDField(source="application.key")
    number = serializers.CharField(source="application.number", allow_null=True)
    display_number = serializers.CharField(source="application.display_number")
    query_code = serializers.SerializerMethodField()
    progress_url = serializers.SerializerMethodField()
    status = serializers.ChoiceField(STATUSES, source="application.status")
    status_label = serializers.CharField(source="application.get_status_display")
    version = serializers.IntegerField(source="application.version")
    matter = NamedSerializer(source="application.matter")
    guide_version = serializers.IntegerField(source="application.guide.number")
    applicant = MaskedApplicantSerializer(source="application.applicant", allow_null=True)
    form = serializers.SerializerMethodField(help_text=_("只有经办的人看得到"))
    permit_expires_on = serializers.DateField(
        source="application.permit_expires_on", allow_null=True, help_text=_("许可延续：原许可有效期的最后一天")
    )
    hall = NamedSerializer(source="application.hall")
    seat = serializers.CharField(source="application.seat_name")
    step = serializers.IntegerField(source="application.step_seq", allow_null=True)
    steps = serializers.SerializerMethodField()
    light = LightSerializer()
    due_at = serializers.DateTimeField(source="application.due_at", allow_null=True)
    provisional = serializers.BooleanField(source="application.is_provisional")
    clocks = serializers.SerializerMethodField()
    result_number = serializers.CharField(source="application.result_number")
    submitted_at = serializers.DateTimeField(source="application.submitted_at", allow_null=True)
    received_at = serializers.DateTimeField(source="application.received_at", allow_null=True)
    accepted_at = serializers.DateTimeField(source="application.accepted_at", allow_null=True)
    decided_at = serializers.DateTimeField(source="application.decided_at", allow_null=True)
    ended_at = serializers.DateTimeField(source="application.ended_at", allow_null=True)
    available_verbs = serializers.SerializerMethodField()
    may_handle_immediately = serializers.SerializerMethodField(help_text=_("即办件可以当场办结"))

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_query_code(self, file: CaseFile) -> str | None:
        number = file.application.number
        return query_code(number) if number and file.is_filed_here else None

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_progress_url(self, file: CaseFile) -> str | None:
        number = file.application.number
        if not number or not file.is_filed_here:
            return None
        return progress_url(self.context["request"], number)

    def get_form(self, file: CaseFile) -> dict[str, Any]:
        return dict(file.application.form) if file.is_worked_on else {}

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, file: CaseFile) -> Any:
        promised, published = file.clocks.of_kind(ClockKind.PROMISED), file.application.guide.promised_days
        slices = file.position.slices(promised.amount if promised is not None else published, published)
        steps = file.position.steps
        known = {"case": file.application, "days": slices, "refused_at": refused_at(file.application, steps)}
        return StepSerializer(steps, many=True, context=known).data

    @extend_schema_field(ClockSerializer(many=True))
    def get_clocks(self, file: CaseFile) -> Any:
        return ClockSerializer(file.clocks.clocks.values(), many=True).data

    def get_may_handle_immediately(self, file: CaseFile) -> bool:
        return may_handle_immediately(file.actor, file.application, file.position)

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField([verb.value for verb in Verb])))
    def get_available_verbs(self, file: CaseFile) -> list[str]:
        rows = available_verbs(file.actor, file.application, file.position, file.moment.at)
        return [row.verb.value for row in rows]


class DaySerializer(serializers.Serializer[Any]):
    date = serializers.DateField()
    counted = serializers.BooleanField()
    n = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField()
    provisional = serializers.BooleanField()
    part = serializers.CharField(help_text=_("limit 期限内，unused 停止后未用，over 超期"))


class ActSerializer(serializers.Serializer[Any]):
    seq = serializers.IntegerField(help_text=_("办件记录的序号"))
    verb = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    at = serializers.DateTimeField()
    person = serializers.CharField()
    post = serializers.CharField()
    place = serializers.CharField()


class FactSerializer(serializers.Serializer[Any]):
    move = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    at = serializers.DateTimeField()
    granted_until = serializers.DateField(allow_null=True)
    more = serializers.CharField(help_text=_("延长了多少，如：10个工作日"))
    note = serializers.CharField()
    act = ActSerializer(allow_null=True)


class RungSerializer(serializers.Serializer[Any]):
    level = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    at = serializers.DateTimeField()
    is_reached = serializers.BooleanField()
    rule = serializers.CharField()
    basis = serializers.CharField()


class YearSourceSerializer(serializers.Serializer[Any]):
    year = serializers.IntegerField()
    document_no = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    version = serializers.IntegerField(allow_null=True, help_text=_("空：这一年的放假安排尚未发布"))


class ShareSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    who = serializers.CharField()
    kind = serializers.ChoiceField([ORGAN, APPLICANT, TRANSFER, PICKUP])
    begin = serializers.DateTimeField()
    end = serializers.DateTimeField()
    own = serializers.IntegerField(allow_null=True, help_text=_("本环节的份额"))
    carried = serializers.IntegerField(help_text=_("前面环节省下的"))
    start = serializers.IntegerField()
    used = serializers.IntegerField()
    over = serializers.IntegerField()
    handed_on = serializers.IntegerField(help_text=_("省下、交给后面环节的"))
    paused = serializers.IntegerField(help_text=_("特别程序等不计入的工作日"))
    is_current = serializers.BooleanField()


class ClockStatementSerializer(serializers.Serializer[Any]):
    """A clock with its light and its statement (时限说明单), day by day: `ClockStatement.as_dict` and `light`."""

    clock = serializers.IntegerField()
    kind = serializers.ChoiceField(CLOCK_KINDS)
    label = serializers.CharField()  # type: ignore[assignment]
    ground = serializers.CharField()
    step_seq = serializers.IntegerField(allow_null=True)
    step = serializers.CharField()
    state = serializers.ChoiceField(Clock.State.choices)
    state_label = serializers.CharField()
    budget = serializers.CharField(help_text=_("如：10个工作日"))
    extensions = serializers.ListField(child=serializers.CharField())
    carried = serializers.IntegerField(help_text=_("前面环节省下、并入本时限的天数"))
    started_at = serializers.DateTimeField()
    since = serializers.DateTimeField(allow_null=True, help_text=_("视为受理等：依法溯及的较早时刻"))
    stopped_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    provisional = serializers.BooleanField()
    why_provisional = serializers.CharField()
    unit = serializers.CharField(help_text=_("used、left、over、limit 的单位"))
    limit = serializers.IntegerField(allow_null=True)
    used = serializers.IntegerField(help_text=_("已用的"))
    left = serializers.IntegerField(help_text=_("剩下的"))
    over = serializers.IntegerField(help_text=_("超过的"))
    summary = serializers.CharField()
    plain = serializers.CharField()
    calendars = YearSourceSerializer(many=True)
    facts = FactSerializer(many=True)
    rungs = RungSerializer(many=True)
    days = DaySerializer(many=True)
    is_cut = serializers.BooleanField(help_text=_("超期太久，逐日只列出前 31 天"))
    shares = ShareSerializer(many=True)
    light = LightSerializer()
    url = serializers.URLField(help_text=_("时限说明单的网页"))


class EventSerializer(serializers.Serializer[Any]):
    seq = serializers.IntegerField()
    verb = serializers.CharField()
    words = serializers.CharField()
    from_status = serializers.CharField()
    to_status = serializers.CharField()
    at = serializers.DateTimeField()
    actor = serializers.CharField(source="actor_name")
    post = serializers.CharField(source="actor_post")
    place = serializers.CharField()
    reason = serializers.CharField()
    detail = serializers.JSONField()
    document = serializers.CharField(allow_null=True, help_text=_("这一步发出的文书文号"))
    prev_hash = serializers.CharField()
    hash = serializers.CharField()


class FileSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    uploaded_at = serializers.DateTimeField()


class MaterialSerializer(serializers.Serializer[Any]):
    seq = serializers.IntegerField()
    name = serializers.CharField(source="material.name")
    necessity = serializers.CharField(source="material.necessity")
    declared = serializers.CharField()
    result = serializers.CharField(source="check_result")
    reason = serializers.CharField(source="check_reason")
    files = FileSerializer(many=True, source="kept_files")


class ClearSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    id_number = serializers.CharField()
    phone = serializers.CharField()


class StairSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    place = serializers.CharField()
    level = serializers.CharField()
    state = serializers.CharField()


class ProgressSerializer(serializers.Serializer[Any]):
    """A case without its applicant."""

    number = serializers.CharField()
    matter = serializers.CharField()
    hall = serializers.CharField()
    hall_phone = serializers.CharField()
    status = serializers.ChoiceField(STATUSES)
    status_label = serializers.CharField()
    light = LightSerializer()
    words = serializers.CharField(help_text=_("现在谁在做什么，申请人要做什么"))
    where = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    provisional = serializers.BooleanField(source="is_provisional")
    submitted_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    promised_days = serializers.IntegerField(source="promise.days", help_text=_("承诺时限（工作日）"))
    promised_by = serializers.CharField(
        source="promise.whose", help_text=_("受理的大厅自己承诺得更短的，写明是哪个大厅；按办事指南的为空")
    )
    stairs = StairSerializer(many=True)
