"""What proposing and confirming that a matter is closed have in common."""

from __future__ import annotations

from halls.acting import Actor
from halls.domain.errors import Invalid, NotFound, Stale
from matters.actions._catalogue import find_matter, next_change
from matters.actions._guide_parts import matter_columns
from matters.models import Matter, MatterClosing
from matters.permissions import require_may_edit
from matters.selectors.absorbed import old_names
from matters.selectors.stored import stored_record


def require_target(code: str, matter: Matter, actor: Actor) -> Matter:
    """Return a matter that people can be led to: not itself, and not abolished, so that no circle can close.

    Raises Invalid (`bad_target`), NotPermitted (not the actor's to edit).
    """
    try:
        target = find_matter(code)
    except NotFound:
        target = None
    if target is None or target.pk == matter.pk or target.abolished_on is not None:
        raise Invalid("bad_target", "没有可以并入的这个事项。", field="into", cure="请填另一个在用事项的编码。")
    require_may_edit(actor, target.department)
    return target


def lead_here(target: Matter) -> None:
    """Let whoever looks for what was merged into the matter find it by the old name."""
    if target.current is None or not target.current.content:
        return  # a row of an older installation has no record to be found by
    record = stored_record(target.current.content)
    found = matter_columns(record, target.department, old_names().get(target.code, ()))
    Matter.objects.filter(pk=target.pk).update(search_text=found["search_text"], changed_at=next_change())


def lock_waiting(matter: Matter, closing_id: int) -> MatterClosing:
    """Lock the proposal that the actor's page showed. Raises Stale: it is not waiting any more."""
    rows = MatterClosing.objects.waiting().select_for_update(of=("self",)).select_related("into", "proposed_by")
    found = rows.filter(pk=closing_id, matter=matter).first()
    if found is None:
        raise Stale(
            "stale_page",
            "这份取消或并入的提议已经确认、撤下，或换了新的。",
            field="closing",
            cure="请刷新页面，按最新情况办理。",
        )
    return found
