"""台账: the book of a hall for a month, case by case, for whoever sees these cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.domain.lifecycle import STATUS_LABELS, Status
from applications.models import Application
from applications.querysets import ApplicationQuerySet
from halls.acting import Actor
from halls.domain.errors import NotFound, NotPermitted
from halls.models import Hall, Level
from halls.paging import PageList
from halls.selectors.pickers import Choices, halls_to_choose
from supervision.domain.periods import Period

PAGE: Final = 100
MOST: Final = 50_000  # lines of a file
OLDEST_FIRST: Final = PageList(("received_at", "pk"))
HEADS: Final = (
    "序号", "办件编号", "事项", "申请人", "收件", "受理", "承诺到期", "决定", "办结", "状态", "结果文号",
    "来自", "村代办员", "窗口人员",
)  # fmt: skip


def hall_of_ledger(actor: Actor, code: str) -> Hall:
    """The hall whose book is asked for, the actor's own without a code. Raises NotPermitted (no duty about
    cases), NotFound (out of reach).
    """
    if not actor.case_prefixes:
        raise NotPermitted(
            "no_case_duty", _("您的岗位不经办件，没有台账可看。"), cure=_("台账由大厅、部门和监察岗位查看。")
        )
    hall = Hall.objects.filter(code=code or actor.hall_code).first()
    # Of the hall in which a department works its people see what their organ takes part in (`visible_to`).
    reach = actor.case_prefixes
    if hall is None or not any(hall.path.startswith(node) or node.startswith(hall.path) for node in reach):
        raise NotFound(_("没有这个大厅，或者它不在您的范围内。"))
    return hall


def halls_of_ledgers(actor: Actor) -> Choices:
    """The halls whose books the actor may open, township by township; a closed one has its earlier months."""
    return halls_to_choose(actor.case_prefixes, own=actor.hall_code, with_retired=True)


def ledger_rows(actor: Actor, hall: Hall, period: Period, *, with_below: bool) -> ApplicationQuerySet:
    """The cases that were received there in that month, the oldest first."""
    rows = Application.objects.visible_to(actor).filter(
        received_at__gte=period.begins_at, received_at__lt=period.ends_at
    )
    rows = rows.filter(path__startswith=hall.path) if with_below else rows.filter(path=hall.path)
    shown = rows.select_related("matter", "applicant", "filed_by", "hall").defer(
        "form", "applicant__id_sealed", "applicant__phone_sealed"
    )
    return shown.order_by("received_at", "pk")


def totals(rows: ApplicationQuerySet) -> list[tuple[str, int]]:
    """How many in all, and by status: one statement."""
    found = Counter(rows.order_by().values_list("status", flat=True))
    return [(_("合计"), sum(found.values()))] + [
        (STATUS_LABELS[status][0], found[status]) for status in Status if found[status]
    ]


def lines(rows: Iterable[Any], start: int = 1) -> Iterator[list[Any]]:
    """Lines as they are printed, in the order of HEADS; applicants masked."""
    for number, case in enumerate(rows, start=start):
        yield [
            number,
            case.display_number,
            case.matter.name,
            case.applicant.masked_name if case.applicant else "",
            *(_day(getattr(case, name)) for name in ("received_at", "accepted_at", "due_at", "decided_at", "ended_at")),
            STATUS_LABELS[Status(case.status)][0],
            case.result_number,
            case.hall.short_name,
            *((case.filed_by.full_name, "") if case.hall.tier == Level.VILLAGE else ("", case.filed_by.full_name)),
        ]


def _day(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}" if moment else ""
