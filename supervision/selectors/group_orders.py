"""Figures over supervision orders and urges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from halls.paging import PageList
from halls.selectors.work_calendar import Moment
from supervision.domain.orders import OPEN
from supervision.figures import Present
from supervision.figures_orders import ORDER_FIGURES, URGE_FIGURES
from supervision.models import OrderAct, SupervisionOrder, Term, Urge
from supervision.selectors.figure_group import Cell, Group
from supervision.selectors.orders import visible_orders
from supervision.selectors.scope import OWN, Scope

NEWEST: Final = PageList(("pk",), is_descending=True)


def _orders(scope: Scope) -> QuerySet[SupervisionOrder]:
    rows = visible_orders(scope.reader).filter(scope.elsewhere("organ_path", "application__matter"))
    if scope.key != OWN:
        return rows
    return rows.filter(pk__in=OrderAct.objects.filter(user=scope.actor.user_id).order_by().values("order"))


def _recent(present: Present) -> Q:
    """Those that wait, those about which something was done this month, and those with a limit that ends in it."""
    due = Term.objects.filter(begun_by__order=OuterRef("pk"), due_at__gte=present.month, due_at__lt=present.next_month)
    acts = OrderAct.objects.filter(at__gte=present.month, at__lt=present.next_month)
    return Q(state__in=sorted(OPEN)) | Q(pk__in=acts.order_by().values("order")) | Q(Exists(due))


def _order_lines(orders: Sequence[Any], _moment: Moment, _present: Present) -> list[dict[str, Cell]]:
    return [
        {
            "number": Cell(order.number, reverse("order", args=[order.pk])),
            "title": Cell(order.title),
            "organ": Cell(order.organ_name),
            "issuer": Cell(order.issuer_name),
            "issued": Cell(f"{timezone.localtime(order.issued_at):%Y-%m-%d}"),
            "due": Cell(f"{timezone.localtime(order.term.due_at):%Y-%m-%d}"),
            "state": Cell(order.get_state_display()),
        }
        for order in orders
    ]


GROUP: Final = Group(
    key="orders",
    unit=_("张"),
    source=_("督办单及其每一次办理"),
    figures=ORDER_FIGURES,
    rows=_orders,
    recent=_recent,
    shown=lambda rows: rows.select_related("term"),
    columns=(
        ("number", _("文号")),
        ("title", _("事由")),
        ("organ", _("承办单位")),
        ("issuer", _("签发单位")),
        ("issued", _("签发")),
        ("due", _("回复期限")),
        ("state", _("状态")),
    ),
    lines=_order_lines,
    order=lambda _figure: NEWEST,
)


def _urges(scope: Scope) -> QuerySet[Urge]:
    rows = Urge.objects.filter(application__in=scope.cases.order_by().values("pk"))
    return rows if scope.key != OWN else rows.filter(user=scope.actor.user_id)


def _urge_lines(urges: Sequence[Any], _moment: Moment, _present: Present) -> list[dict[str, Cell]]:
    return [
        {
            "number": Cell(urge.application.display_number, reverse("case", args=[urge.application.number])),
            "matter": Cell(urge.application.matter.name),
            "office": Cell(urge.office_name),
            "at": Cell(f"{timezone.localtime(urge.at):%Y-%m-%d %H:%M}"),
            "reason": Cell(urge.reason),
        }
        for urge in urges
    ]


URGES: Final = Group(
    key="urges",
    unit=_("次"),
    source=_("催办记录"),
    figures=URGE_FIGURES,
    rows=_urges,
    recent=lambda present: Q(at__gte=present.month, at__lt=present.next_month),
    shown=lambda rows: rows.select_related("application__matter").defer("application__form"),
    columns=(
        ("number", _("办件编号")),
        ("matter", _("事项")),
        ("office", _("催办单位")),
        ("at", _("时间")),
        ("reason", _("催办理由")),
    ),
    lines=_urge_lines,
    order=lambda _figure: NEWEST,
)
