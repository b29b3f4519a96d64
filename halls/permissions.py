"""Who puts their name under what holds for the whole county, and who speaks for a hall; asked by acts and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from halls.domain.duties import Duty
from halls.domain.errors import NotPermitted
from halls.models import Hall, Level

if TYPE_CHECKING:
    from halls.acting import Actor


def may_sign(actor: Actor) -> bool:
    """Whether the actor administers or supervises the whole county."""
    roots = list(Hall.objects.filter(tier=Level.COUNTY, parent__isnull=True).values_list("path", flat=True))
    return any(actor.holds(duty, path) for duty in (Duty.ADMINISTER, Duty.SUPERVISE) for path in roots)


def writes_for(actor: Actor, hall: Hall) -> bool:
    """Whether the actor writes what this hall says of itself and of its matters."""
    return not actor.is_system and actor.holds(Duty.EDIT_MATTERS, hall.path)


def require_writes_for(actor: Actor, hall: Hall) -> None:
    """Raises NotPermitted unless the actor writes what this hall says of itself and of its matters."""
    if not writes_for(actor, hall):
        raise NotPermitted("no_duty_here", f"您不管理{hall.name}的事项。", cure="请由本厅或县里的事项管理员填写。")
