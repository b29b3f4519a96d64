"""The columns of lists in files, over the rows of their pages: what a page does not tell its reader no file does."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from applications.domain.lights import COLOUR_LABELS, Colour
from supervision.selectors.figure_group import Cell
from supervision.views.export import Column, Row


def _told(key: str) -> Any:
    return lambda row: row[key]


def _day(key: str) -> Any:
    return lambda row: f"{row[key]:%Y-%m-%d}" if row[key] else ""


def _minute(key: str) -> Any:
    return lambda row: f"{row[key]:%Y-%m-%d %H:%M}" if row[key] else ""


def _due(key: str, provisional: str, form: str = "%Y-%m-%d") -> Any:
    def told(row: Row) -> str:
        if not row[key]:
            return ""
        return f"{row[key]:{form}}" + (_now("（暂算）") if row[provisional] else "")

    return told


def _light(row: Row) -> str:
    """Colour and words; of what has ended, or says it all, the words alone."""
    light = row["light"]
    if light is None:
        return ""
    if light.get("bare") or light["kind"] == Colour.DONE:
        return str(light["words"])
    return f"{COLOUR_LABELS[Colour(light['kind'])]} {light['words']}".strip()


def _step(row: Row) -> str:
    return _now("第 %(seq)d 环节") % {"seq": row["step_seq"]} if row["step_seq"] else ""


def _state_of_card(row: Row) -> str:
    states = {
        "is_revoked": _now("已撤销"),
        "is_cancelled": _now("已取消"),
        "is_pending": _now("待发"),
        "is_appealed": _now("申诉待决定"),
        "is_proposed": _now("建议撤销"),
    }
    found = [next((words for key, words in states.items() if row[key]), "")]
    return "、".join(filter(None, [*found, _now("督办") if row["is_ordered"] else ""]))


def _rated(row: Row) -> str:
    return f"{row['rated_at']:%Y-%m-%d}" if row["by_day"] else f"{row['rated_at']:%Y-%m-%d %H:%M}"


def _callback(row: Row) -> str:
    if row["is_answered"]:
        return _now("已回访")
    return _now("待回访，%(n)d 次没有接通") % {"n": row["tries"]} if row["tries"] else _now("待回访")


def _red_card(row: Row) -> str:
    if not row["has_card"]:
        return ""
    return _now("红牌，已撤销") if row["card_is_revoked"] else _now("红牌")


def _holders(row: Row) -> str:
    return ("、".join(row["holders"]) or _now("当天无人在岗")) if row["is_organ"] else ""


CASES: Final[tuple[Column, ...]] = (
    (_("办件编号"), _told("number")),
    (_("事项"), _told("matter")),
    (_("申请人"), _told("applicant")),
    (_("来自"), _told("village")),
    (_("在谁手上"), _told("owner")),
    (_("状态"), _told("status")),
    (_("灯"), lambda row: COLOUR_LABELS[Colour(row["light_kind"])]),
    (_("用时和时限"), _told("light_words")),
    (_("到期"), _due("due", "due_provisional", "%Y-%m-%d %H:%M")),
)
CARDS: Final[tuple[Column, ...]] = (
    (_("级别"), _told("level")),
    (_("状态"), _state_of_card),
    (_("生效"), _minute("effective_at")),
    (_("时限"), _told("clock")),
    (_("环节"), _step),
    (_("记在谁名下"), _told("organ")),
    (_("办件编号"), _told("number")),
    (_("事项"), _told("matter")),
    (_("来自"), _told("village")),
    (_("登记"), _minute("recorded_at")),
    (_("补记"), lambda row: _now("补记") if row["is_late"] else ""),
)
ORDERS: Final[tuple[Column, ...]] = (
    (_("期限"), _light),
    (_("文号"), _told("number")),
    (_("事由"), _told("title")),
    (_("承办单位"), _told("organ")),
    (_("签发单位"), _told("issuer")),
    (_("签发"), _day("issued_at")),
    (_("回复期限"), lambda row: _due("due", "provisional")(row) if row["is_open"] else ""),
    (_("状态"), _told("state")),
)
VOICES: Final[tuple[Column, ...]] = (
    (_("灯"), _light),
    (_("编号"), _told("number")),
    (_("类别"), _told("kind")),
    (_("关于"), _told("about")),
    (_("事项"), _told("matter")),
    (_("提出"), _minute("lodged_at")),
    (_("到期"), _due("due", "provisional")),
    (_("状态"), _told("status")),
)
RATINGS: Final[tuple[Column, ...]] = (
    (_("灯"), _light),
    (_("满意程度"), _told("level")),
    (_("评价内容"), _told("said")),
    (_("大厅"), _told("hall")),
    (_("责任单位"), _told("held")),
    (_("事项"), _told("matter")),
    (_("评价时间"), _rated),
    (_("评价渠道"), _told("channel")),
    (_("状态"), _told("state")),
    (_("有效性"), _told("validity")),
)
CALLBACKS: Final[tuple[Column, ...]] = (
    (_("送达在这一周（周一）"), _day("week")),
    (_("办件编号"), _told("number")),
    (_("事项"), _told("matter")),
    (_("来自"), _told("village")),
    (_("申请人"), _told("applicant")),
    (_("回访"), _callback),
    (_("情况"), _told("words")),
)
ACCOUNTS: Final[tuple[Column, ...]] = (
    (_("届满"), lambda row: _day("breached_at")(row) if row["ran_out"] else ""),
    (_("未整改办结"), lambda row: "" if row["ran_out"] else _day("breached_at")(row)),
    (_("办件编号"), _told("number")),
    (_("事项"), _told("matter")),
    (_("时限"), lambda row: f"{row['clock']} {row['step']}".strip()),
    (_("起因"), _told("act")),
    (_("督办单"), _told("order")),
    (_("红牌"), _red_card),
    (_("责任机构"), lambda row: row["organ"] if row["is_organ"] else row["fault"]),
    (_("当时的责任人"), _holders),
    (_("依据"), _told("citation")),
    (_("处理"), _told("stage")),
    (_("登记"), _minute("opened_at")),
)


def of_group(columns: tuple[tuple[str, Any], ...]) -> tuple[Column, ...]:
    """The columns of a group of figures, over its lines."""

    def text(key: str) -> Any:
        def told(row: dict[str, Cell]) -> Any:
            return row[key].text

        return told

    return tuple((label, text(key)) for key, label in columns)
