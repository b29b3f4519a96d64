"""A matter's own scenarios: written, changed, taken away by its editors."""

from __future__ import annotations

from django.db import transaction

from halls.acting import Actor
from halls.domain.errors import Invalid, NotFound
from matters.domain.scenario import read_scenario
from matters.models import GuideDraft, GuideScenario, Matter
from matters.permissions import require_may_edit

MOST = 30


@transaction.atomic
def keep_scenario(code: str, name: str, text: str, *, actor: Actor) -> GuideScenario:
    """Write or rewrite the scenario of this name. Raises NotFound, NotPermitted, Invalid (line and cure)."""
    _require_editor(code, actor)
    scenario = read_scenario(name, text)
    others = GuideScenario.objects.select_for_update().filter(code=code).exclude(name=scenario.name)
    if len(others) >= MOST:
        raise Invalid("too_many_scenarios", f"一个事项最多 {MOST} 个场景。", field="name", cure="请先删去不用的。")
    kept, _ = GuideScenario.objects.update_or_create(code=code, name=scenario.name, defaults={"text": str(scenario)})
    return kept


@transaction.atomic
def drop_scenario(code: str, name: str, *, actor: Actor) -> None:
    """Take a scenario away; its history stays. Raises NotFound, NotPermitted."""
    _require_editor(code, actor)
    kept = GuideScenario.objects.select_for_update().filter(code=code, name=name).first()
    if kept is None:
        raise NotFound("没有这个场景。")
    kept.delete()


def _require_editor(code: str, actor: Actor) -> None:
    """Raises NotFound, NotPermitted.

    A new matter has scenarios before it has a guide: its open draft says whose it is.
    """
    matter = Matter.objects.select_related("department").filter(code=code).first()
    draft = GuideDraft.objects.open().select_related("department").filter(code=code).first() if matter is None else None
    found = matter or draft
    if found is None:
        raise NotFound("没有这个事项。")
    require_may_edit(actor, found.department)
