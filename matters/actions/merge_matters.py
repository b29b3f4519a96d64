"""并入: a matter becomes part of another one; whoever follows an old link is led there."""

from __future__ import annotations

from django.db import transaction

from halls.acting import Actor
from halls.domain.errors import Invalid, NotFound
from halls.domain.worktime import day_of
from matters.actions._catalogue import begin, find_matter, next_change, require_reason, save_change
from matters.actions._guide_parts import matter_columns
from matters.actions.pause_matter import LONGEST_REASON
from matters.domain.matter_reader import trusted_record
from matters.models import Matter
from matters.permissions import require_may_edit
from matters.selectors.absorbed import old_names


@transaction.atomic
def merge_matters(code: str, into: str, *, actor: Actor, reason: str, version: int | None = None) -> Matter:
    """Abolish the matter from today in favour of `into`, and return it. Both must be the actor's to edit.

    Raises NotFound, NotPermitted, Stale, Refused (`abolished`), Invalid (`bad_target`, no reason).
    """
    matter, moment = begin(code, actor, version)
    target = _target(into, matter)
    require_may_edit(actor, target.department)
    matter.closing_reason = require_reason(reason, LONGEST_REASON)
    matter.abolished_on, matter.paused_on, matter.merged_into = day_of(moment.at), None, target
    save_change(matter, matter.closing_reason)
    lead_here(target)
    return matter


def lead_here(target: Matter) -> None:
    """Let whoever looks for what was merged into the matter find it by the old name."""
    if target.current is None or not target.current.content:
        return  # a row of an older installation has no record to be found by
    record = trusted_record(target.current.content)
    found = matter_columns(record, target.department, old_names().get(target.code, ()))
    Matter.objects.filter(pk=target.pk).update(search_text=found["search_text"], changed_at=next_change())


def _target(code: str, matter: Matter) -> Matter:
    """Return a matter that people can be led to: not itself, and not abolished, so that no circle can close."""
    try:
        target = find_matter(code)
    except NotFound:
        target = None
    if target is None or target.pk == matter.pk or target.abolished_on is not None:
        raise Invalid("bad_target", "没有可以并入的这个事项。", field="into", cure="请填另一个在用事项的编码。")
    return target
