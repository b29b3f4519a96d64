"""Who may work on a guide: whoever holds EDIT_MATTERS at its department or above; approval takes a second person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from halls.acting import Actor
from halls.domain.duties import DUTY_LABELS, Duty
from halls.domain.errors import NotPermitted, Refused
from halls.domain.persons import is_same_person
from halls.models import Department
from matters.models import GuideDraft, MatterClosing
from matters.selectors.drafts import hands_in, writers_of


def may_edit(actor: Actor, department: Department) -> bool:
    """Whether the actor edits this department's matters."""
    return not actor.is_system and actor.holds(Duty.EDIT_MATTERS, department.path)


def edits_halls_only(actor: Actor) -> bool:
    """Whether the actor writes the local elements of a township or village, and no guide of any bureau."""
    nodes = actor.nodes.get(Duty.EDIT_MATTERS, ())
    return bool(nodes) and all("~" not in node and node.count("/") > 1 for node in nodes)


def require_editor(actor: Actor) -> None:
    """Raises NotPermitted unless the actor edits matters anywhere."""
    if actor.is_system or not actor.has(Duty.EDIT_MATTERS):
        raise NotPermitted(
            "no_duty_here",
            f"您没有「{DUTY_LABELS[Duty.EDIT_MATTERS]}」的职责。",
            cure="请由事项管理员办理；办事指南人人可看。",
        )


def require_reader(actor: Actor) -> None:
    """Raises NotPermitted unless the actor edits matters, or watches, anywhere."""
    if actor.is_system or not (actor.has(Duty.EDIT_MATTERS) or actor.has(Duty.SUPERVISE)):
        raise NotPermitted(
            "no_duty_here",
            "您没有「事项管理」或「监察」的职责。",
            cure="请由事项管理员或监察员查看；办事指南人人可看。",
        )


def require_may_edit(actor: Actor, department: Department) -> None:
    """Raises NotPermitted unless the actor edits this department's matters."""
    require_editor(actor)
    if not may_edit(actor, department):
        raise NotPermitted(
            "not_your_department",
            f"这是{department.name}的事项，不在您的管理范围内。",
            field="department",
            cure=f"请由{department.name}或县级的事项管理员办理。",
        )


def why_not_approve(actor: Actor, draft: GuideDraft) -> str:
    """Return why this person may not approve this draft, "" when nothing forbids it."""
    return _why_not(actor, writers_of(draft))


def approvable(actor: Actor, drafts: Sequence[GuideDraft]) -> list[GuideDraft]:
    """Return the checked drafts among these that wait for this person's signature (1 query)."""
    checked = [draft for draft in drafts if draft.state == GuideDraft.State.CHECKED]
    hands = hands_in(checked)
    return [draft for draft in checked if not _why_not(actor, hands[draft.pk])]


def _why_not(actor: Actor, writers: Iterable[str]) -> str:
    if not actor.person_code:
        return "您的账号没有人员编号，不能批准。"
    if any(is_same_person(actor.person_code, person) for person in writers):
        return "您写过这份草稿，不能批准自己写的内容。"
    return ""


def require_second_person(actor: Actor, draft: GuideDraft) -> None:
    """Raises Refused (`same_person`) when the approver had a hand in the draft."""
    why = why_not_approve(actor, draft)
    if why:
        raise Refused("same_person", why, cure="请由另一位事项管理员核对后批准。")


def why_not_confirm(actor: Actor, closing: MatterClosing) -> str:
    """Return why this person may not confirm that the matter is closed, "" when nothing forbids it."""
    if not actor.person_code:
        return "您的账号没有人员编号，不能确认。"
    if actor.user_id == closing.proposed_by_id or is_same_person(actor.person_code, closing.proposed_person):
        return "这是您自己提出的，不能由您确认。"
    return ""
