"""起草: open a new case in a hall, for a matter this hall takes in."""

from __future__ import annotations

from django.db import transaction

from applications.actions._clocks import Case
from applications.actions._move import Move, record
from applications.domain.lifecycle import Verb
from applications.models import Application, ApplicationMaterial
from applications.selectors.position import Position
from halls.acting import Actor
from halls.domain.duties import Duty
from halls.domain.errors import Invalid, NotPermitted, Refused
from halls.models import Hall
from halls.selectors.work_calendar import read_moment
from matters.domain.routing import check_filing
from matters.models import Matter
from matters.selectors.local import local_of


@transaction.atomic
def draft(*, actor: Actor, matter_code: str, hall_code: str) -> Application:
    """Open a draft with the current guide's checklist.

    Raises Invalid (unknown matter or hall), NotPermitted (no duty of filing there), Refused (the
    matter is paused or abolished, or is not taken in by a hall of this tier).
    """
    hall = Hall.objects.filter(code=hall_code, retired_on__isnull=True).first()
    if hall is None:
        raise Invalid("unknown_hall", "没有这个大厅。", field="hall", cure="请填写大厅的区划代码。")
    # On the very hall, not above it: whoever opened it there could not see the draft again.
    if hall.path not in actor.nodes.get(Duty.FILE, ()):
        raise NotPermitted("no_duty_here", f"您不能在{hall.name}收件。", cure="请在您任职的服务点办理。")
    matter = Matter.objects.select_related("current").filter(code=matter_code).first()
    if matter is None or matter.current is None:
        raise Invalid("unknown_matter", "没有这个事项。", field="matter", cure="请从事项目录中选择。")
    require_open(matter)
    check_filing(hall.tier, matter.current.accept_levels, matter.name)
    _require_open_here(hall, matter)
    moment = read_moment()
    application = Application.objects.create(
        matter=matter,
        guide=matter.current,
        hall=hall,
        path=hall.path,
        filed_by_id=actor.user_id,
        created_at=moment.at,
        moved_at=moment.at,
        version=1,
    )
    ApplicationMaterial.objects.bulk_create(
        ApplicationMaterial(application=application, material=material, seq=material.seq)
        for material in matter.current.materials.order_by("seq")
    )
    move = Move(Verb.DRAFT, actor, application, Position((), None), moment, Case(application, moment, 1))
    record(move, from_status="", reason="")
    application.save(update_fields=["event_seq", "event_hash"])
    return application


def require_open(matter: Matter) -> None:
    """Raises Refused (`matter_paused`, `matter_abolished`) for a matter that takes nothing in now."""
    if matter.abolished_on is not None:
        raise Refused("matter_abolished", f"「{matter.name}」已取消。", field="matter", cure="请看办事指南上的去向。")
    if matter.paused_on is not None:
        raise Refused("matter_paused", f"「{matter.name}」已暂停办理。", field="matter", cure="请看办事指南上的说明。")


def _require_open_here(hall: Hall, matter: Matter) -> None:
    """Raises Refused (`paused_here`) where this hall takes the matter in for nobody now."""
    local = local_of(hall, matter)
    if local is not None and local.paused_on is not None:
        raise Refused(
            "paused_here", f"{hall.name}已暂停办理「{matter.name}」：{local.paused_reason}", field="matter",
            cure="请到别的大厅办理，或等恢复以后再来。",
        )  # fmt: skip
