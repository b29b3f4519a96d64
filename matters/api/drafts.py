"""Drafts of guides for programs of the bureaus: written, checked, approved by a second person, dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from halls.api.base import StaffView
from halls.api.paging import Keyset, PageQuery, page_of
from halls.domain.calendar import FIRST_YEAR, LAST_YEAR
from halls.domain.errors import NotFound
from halls.selectors.work_calendar import read_moment
from matters.actions.approve_draft import approve_draft
from matters.actions.check_draft import check_draft
from matters.actions.drop_draft import drop_draft
from matters.actions.open_draft import open_draft
from matters.actions.save_draft import save_draft
from matters.domain.lint import Finding
from matters.models import GuideDraft
from matters.permissions import require_editor, why_not_approve
from matters.selectors.drafts import Review, review_of
from matters.selectors.punctuality import change_punctuality

NEWEST_FIRST = Keyset({"pk": int}, is_descending=True)
STATES = tuple(GuideDraft.State.values)
Output = serializers.Serializer[Any]
Method = TypeVar("Method", bound=Callable[..., Response])


class DayField(serializers.DateField):
    """A day that a county can mean."""

    def to_internal_value(self, value: Any) -> date:
        found = super().to_internal_value(value)
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise serializers.ValidationError(_("没有这样的日期。"))
        return found


@extend_schema_field(OpenApiTypes.OBJECT)
class ContentField(serializers.Field[Any, Any, Any, Any]):
    """A record as catalogue files write it; faulty ones are kept, and `problems` says what is wrong."""

    default_error_messages = {"not_a_mapping": gettext_lazy("应为一个 JSON 对象。")}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            self.fail("not_a_mapping")
        return dict(data)

    def to_representation(self, value: Any) -> Any:
        return value


class DraftQuery(PageQuery):
    state = serializers.CharField(required=False, max_length=16, help_text="、".join(STATES))
    matter = serializers.CharField(required=False, max_length=64, help_text="事项编码")

    def validate_state(self, value: str) -> str:
        if value not in STATES:
            raise serializers.ValidationError(_("没有这种状态；可以用：%(names)s。") % {"names": "、".join(STATES)})
        return value


class OpenBody(serializers.Serializer[Any]):
    matter = serializers.CharField(max_length=64, help_text="事项编码；新编码即新事项")
    department = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=32, help_text="新事项的主管部门代码"
    )


class DraftVersioned(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text="调用者看到的草稿版本；已变的，409")


class SaveBody(DraftVersioned):
    content = ContentField(help_text="与 GET matters/{code}/ 的 record 同形")
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)
    ordered_on = DayField(required=False, allow_null=True, default=None, help_text="收到调整依据之日")


class ApproveBody(DraftVersioned):
    effective_on = DayField(required=False, allow_null=True, default=None, help_text="施行日期；不写即今天")


class DropBody(DraftVersioned):
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000, help_text="必填")


class DraftDepartmentSerializer(Output):
    code = serializers.CharField()
    name = serializers.CharField()


class DraftRowSerializer(Output):
    id = serializers.IntegerField(source="pk")
    matter = serializers.CharField(source="code")
    name = serializers.CharField()
    department = DraftDepartmentSerializer()
    state = serializers.CharField(help_text="、".join(STATES))
    state_label = serializers.CharField(source="get_state_display")
    version = serializers.IntegerField()
    reason = serializers.CharField()
    ordered_on = serializers.DateField(allow_null=True)
    effective_on = serializers.DateField(allow_null=True)
    edited_by = serializers.CharField(source="edited_by.full_name")
    edited_at = serializers.DateTimeField()
    checked_by = serializers.CharField(source="checked_by.full_name", default=None, allow_null=True)
    checked_at = serializers.DateTimeField(allow_null=True)
    approved_by = serializers.CharField(source="approved_by.full_name", default=None, allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)


class DraftProblemSerializer(Output):
    severity = serializers.CharField(
        help_text="fault、error 不改不能核对；inherited 是现行指南已有的错误；warning、hint 供参考"
    )
    place = serializers.CharField()
    message = serializers.CharField()
    cure = serializers.CharField()
    citation = serializers.CharField()


class DraftChangeSerializer(Output):
    place = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    before = serializers.CharField()
    after = serializers.CharField()
    words = serializers.CharField()


class PunctualitySerializer(Output):
    """Against the one working day that a change has after the order came in."""

    ordered_on = serializers.DateField()
    due_on = serializers.DateField()
    entered_on = serializers.DateField(allow_null=True)
    is_late = serializers.BooleanField()
    late = serializers.IntegerField(help_text="逾期的工作日数")
    is_provisional = serializers.BooleanField()
    words = serializers.CharField()


class DraftSerializer(DraftRowSerializer):
    """A draft whole. The context holds its review, why the caller may not approve it, and how it stands in time."""

    base_version = serializers.IntegerField(source="base.number", default=None, allow_null=True)
    published_version = serializers.IntegerField(source="published.number", default=None, allow_null=True)
    content = ContentField()
    problems = serializers.SerializerMethodField()
    changes = serializers.SerializerMethodField()
    punctuality = serializers.SerializerMethodField()
    why_not_approve = serializers.SerializerMethodField(help_text="本人不能批准的缘由；空的可以")

    @extend_schema_field(DraftProblemSerializer(many=True))
    def get_problems(self, draft: GuideDraft) -> Any:
        return DraftProblemSerializer(_problems(self.context["review"]), many=True).data

    @extend_schema_field(DraftChangeSerializer(many=True))
    def get_changes(self, draft: GuideDraft) -> Any:
        return DraftChangeSerializer(self.context["review"].changes, many=True).data

    @extend_schema_field(PunctualitySerializer(allow_null=True))
    def get_punctuality(self, draft: GuideDraft) -> Any:
        found = change_punctuality(draft, self.context["moment"])
        return PunctualitySerializer(found).data if found is not None else None

    def get_why_not_approve(self, draft: GuideDraft) -> str:
        return why_not_approve(self.context["actor"], draft)


def _problems(review: Review) -> list[dict[str, str]]:
    faults = [
        {"severity": "fault", "place": one.field, "message": one.message, "cure": one.cure, "citation": ""}
        for one in review.faults
    ]
    names = ("severity", "place", "message", "cure", "citation")
    found = [{name: getattr(one, name) for name in names} | _inherited(review, one) for one in review.findings]
    return faults + found


def _inherited(review: Review, finding: Finding) -> dict[str, str]:
    """An error that the guide in force has as well stops nobody."""
    return {"severity": "inherited"} if finding.severity == "error" and not review.is_new(finding) else {}


def _rows(drafts: Iterable[GuideDraft]) -> Any:
    return DraftRowSerializer(drafts, many=True).data


class _DraftView(StaffView):
    def told(self, draft_id: int) -> Response:
        """The draft as it stands now. Raises NotPermitted, NotFound."""
        require_editor(self.actor)
        rows = GuideDraft.objects.visible_to(self.actor).select_related(
            "department", "base", "matter", "published", "edited_by", "checked_by", "approved_by"
        )
        draft = rows.filter(pk=draft_id).first()
        if draft is None:
            raise NotFound(_("没有这份草稿，或者它不在您的管理范围内。"))
        context = {"review": review_of(draft), "moment": read_moment(), "actor": self.actor}
        return Response(DraftSerializer(draft, context=context).data)


def _described(
    name: str, summary: str, body: type[serializers.Serializer[Any]] | None = None
) -> Callable[[Method], Method]:
    described: Callable[[Method], Method] = extend_schema(
        operation_id=f"guide_drafts_{name}", summary=summary, request=body, responses=DraftSerializer, tags=["guides"]
    )
    return described


class DraftListView(_DraftView):
    @extend_schema(
        operation_id="guide_drafts_list",
        parameters=[DraftQuery],
        responses=page_of(DraftRowSerializer),
        tags=["guides"],
    )
    def get(self, request: Request) -> Response:
        query = self.query(DraftQuery)
        require_editor(self.actor)
        rows = GuideDraft.objects.visible_to(self.actor).defer("content")
        rows = rows.select_related("department", "edited_by", "checked_by", "approved_by")
        if "state" in query:
            rows = rows.filter(state=query["state"])
        if "matter" in query:
            rows = rows.filter(code=query["matter"])
        return Response(
            NEWEST_FIRST.page(request, rows, query, lambda found: DraftRowSerializer(found, many=True).data)
        )

    @_described("open", "起草：现行指南的副本，或新事项；已有未完成的，就是那一份", OpenBody)
    def post(self, request: Request) -> Response:
        body = self.body(OpenBody)
        return self.told(open_draft(body["matter"], actor=self.actor, department_code=body["department"]).pk)


class DraftView(_DraftView):
    @_described("retrieve", "草稿、问题和改动")
    def get(self, request: Request, draft_id: int) -> Response:
        return self.told(draft_id)

    @_described("save", "保存；已有的签字作废", SaveBody)
    def put(self, request: Request, draft_id: int) -> Response:
        return self.told(save_draft(draft_id, actor=self.actor, **self.body(SaveBody)).pk)


class CheckView(_DraftView):
    @_described("check", "核对", DraftVersioned)
    def post(self, request: Request, draft_id: int) -> Response:
        return self.told(check_draft(draft_id, actor=self.actor, **self.body(DraftVersioned)).pk)


class ApproveView(_DraftView):
    @_described("approve", "由另一人批准；到日即发布", ApproveBody)
    def post(self, request: Request, draft_id: int) -> Response:
        return self.told(approve_draft(draft_id, actor=self.actor, **self.body(ApproveBody)).pk)


class DropView(_DraftView):
    @_described("drop", "放弃草稿", DropBody)
    def post(self, request: Request, draft_id: int) -> Response:
        return self.told(drop_draft(draft_id, actor=self.actor, **self.body(DropBody)).pk)
