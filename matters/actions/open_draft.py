"""Begin to write: a copy of the published guide, or a new matter."""

from __future__ import annotations

from django.db import transaction

from halls.acting import Actor
from halls.domain.errors import Invalid
from halls.models import Department
from halls.selectors.work_calendar import read_moment
from matters.actions._catalogue import hold_catalogue, require_not_abolished
from matters.domain.draft_reader import blank_content, digest_of
from matters.domain.matter_reader import CODE, CODE_CURE
from matters.models import GuideDraft, Matter
from matters.permissions import require_editor, require_may_edit


@transaction.atomic
def open_draft(code: str, *, actor: Actor, department_code: str = "") -> GuideDraft:
    """Return the open draft of this matter, made from its published guide if there is none.

    A code that no matter has begins a new one, of the bureau `department_code`. Two who press at once get the same.
    Raises NotPermitted, Invalid (`bad_code`, `unknown_department`), Refused (`abolished`).
    """
    require_editor(actor)
    if not CODE.fullmatch(code):
        raise Invalid(
            "bad_code",
            "编码只能用字母、数字、点、横线和下划线，最多 64 个，不能用本系统网址里的词。",
            field="code",
            cure=CODE_CURE,
        )
    hold_catalogue()
    draft = GuideDraft.objects.open().select_related("department").filter(code=code).first()
    if draft is not None:
        require_may_edit(actor, draft.department)
        return draft
    matter = Matter.objects.select_related("current", "department", "merged_into").filter(code=code).first()
    if matter is None:
        _require_another_code(code)
    department = matter.department if matter is not None else _bureau(department_code)
    require_may_edit(actor, department)
    if matter is not None:
        require_not_abolished(matter)
    return _begin(code, matter, department, actor)


def _require_another_code(code: str) -> None:
    """Raises Invalid (`bad_code`): two codes that differ in case alone are mistaken for one another."""
    alike = Matter.objects.filter(code__iexact=code).values_list("code", flat=True).first()
    alike = alike or GuideDraft.objects.open().filter(code__iexact=code).values_list("code", flat=True).first()
    if alike is not None:
        raise Invalid("bad_code", f"已有编码 {alike}，只差大小写。", field="code", cure="请换一个编码。")


def _begin(code: str, matter: Matter | None, department: Department, actor: Actor) -> GuideDraft:
    base = matter.current if matter is not None else None
    content = blank_content(code, department.organ) | (base.content if base is not None else {})
    content |= {"core": matter.is_core} if matter is not None else {}
    return GuideDraft.objects.create(
        matter=matter,
        code=code,
        name=matter.name if matter is not None else "",
        department=department,
        base=base,
        content=content,
        content_hash=digest_of(content, (department.organ,)),
        edited_by_id=actor.user_id,
        edited_person=actor.person_code,
        edited_at=read_moment().at,
    )


def _bureau(code: str) -> Department:
    bureaus = Department.objects.filter(kind=Department.Kind.BUREAU, retired_on__isnull=True)
    found = bureaus.filter(code=code).first() if code and "\x00" not in code else None
    if found is None:
        raise Invalid(
            "unknown_department",
            "还没有这个编码的事项；新建事项要写明主管部门。",
            field="department",
            cure="请在列表中选一个县级部门。",
        )
    return found
