"""The sentences of messages and texts. Pure.

A text to a telephone names the case by its number and its matter alone: no name, no address, no number of anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from supervision.domain.card_life import APPEAL_DAYS
from supervision.domain.reach import Rung

RUNG_LABELS: dict[str, str] = {
    Rung.HANDLER: "承办人",
    Rung.BACKUP: "B角",
    Rung.CHIEF: "首席代表",
    Rung.TOWNSHIP_DIRECTOR: "乡镇负责人",
    Rung.COUNTY_SUPERVISOR: "县监察员",
    "filing_clerk": "代办人",
}
LEVEL_LABELS: dict[str, str] = {"red": "红牌", "default_action": "超时默认", "yellow": "黄牌", "warning": "预警"}
LONGEST = 500
# A warning that comes once more, by what moved the last day since the one before.
AGAIN_LABELS: dict[str, str] = {"extend": "延期后再次预警", "pause": "恢复计时后再次预警"}
LIGHT_LABELS: dict[str, str] = {"warning": "预警", "yellow": "黄灯", "red": "红灯"}
ABSENT, SHIELDED = "无人在岗", "须回避或者无人在岗"  # why a rung reached nobody of its own
LONGEST_MATTER = 30


@dataclass(frozen=True)
class About:
    """What a text may say of a message."""

    kind: str  # 时限提醒
    level: str = ""
    number: str = ""
    matter: str = ""


@dataclass(frozen=True)
class ToldRung:
    """A warning or card: on which clock of which case, who holds it, when it is or was due."""

    level: str
    clock: str
    number: str
    matter: str
    place: str
    due: date | None
    is_late: bool = False
    is_by_hand: bool = False  # for a fault that no clock sees: `clock` is its name
    again: str = ""  # of a warning: the move since the one before (AGAIN_LABELS)


def limit_words(rung: ToldRung) -> str:
    """Return what a warning or card says to the people of its rung."""
    when = f"，{rung.due.month}月{rung.due.day}日到期" if rung.due else ""
    held = f"，由{rung.place}承办" if rung.place else ""
    cure = "请抓紧办理。" if rung.level == "warning" else "已经超过，请立即办理，并在办件里写明原因。"
    if rung.is_by_hand:
        held, cure = f"，由{rung.place}负责" if rung.place else "", "请立即纠正。"
    if rung.level != "warning":
        cure += f"有异议的，负责决定的人可在收到后 {APPEAL_DAYS} 个工作日内申诉。"
    late = "（补记）" if rung.is_late else ""
    label = AGAIN_LABELS.get(rung.again) or LEVEL_LABELS[rung.level]
    return fit(f"{label}{late}：{rung.number} {rung.matter}，{rung.clock}{when}{held}。{cure}")


def term_words(rung: ToldRung) -> str:
    """Return what is said of a limit that is no case's: a light, not a card, so there is nothing to appeal."""
    when = f"，{rung.due.month}月{rung.due.day}日到期" if rung.due else ""
    held = f"，由{rung.place}承办" if rung.place else ""
    cure = "请抓紧办理。" if rung.level == "warning" else "已经超过，请立即办理。"
    late = "（补记）" if rung.is_late else ""
    return fit(f"{LIGHT_LABELS[rung.level]}{late}：{rung.matter}，{rung.clock}{when}{held}。{cure}")


def pending_words(rung: ToldRung) -> str:
    """Return what the supervisors read of a card that waits for one of them."""
    held = f"，记在{rung.place}名下" if rung.place else ""
    by = "人工发牌，由另一位监察员" if rung.is_by_hand else "规则要求先由监察员"
    return fit(f"待发{LEVEL_LABELS[rung.level]}：{rung.number} {rung.matter}，{rung.clock}{held}。{by}确认发出或取消。")


def supplement_words(*, number: str, matter: str, due: date | None) -> str:
    """Return the task of the clerk who filed the case."""
    when = f"{due.month}月{due.day}日" if due else "近日"
    return fit(
        f"请告知申请人：{number} {matter}，补正材料的期限{when}到期，逾期未补的可能终止办理。告知后请在办件里登记。"
    )


def instead_words(missing: Iterable[str], why: str = ABSENT) -> str:
    """Return why somebody is told who would not have been: nothing is lost, and everybody sees that it moved."""
    labels = "、".join(RUNG_LABELS[rung] for rung in missing)
    return f"（{labels}{why}，已转上一级）" if labels else ""


def one_text(about: About) -> str:
    """Return the text about one message."""
    kind = LEVEL_LABELS.get(about.level, about.kind)
    case = f"{about.number}（{_short(about.matter)}）" if about.number else ""
    return f"【{kind}】{case or '您有一条新消息'}，请登录政务服务系统查看办理。"


def digest_text(messages: Sequence[About]) -> str:
    """Return the one text about everything that waits for one person, the gravest first."""
    if len(messages) == 1:
        return one_text(messages[0])
    counts = []
    for level, label in LEVEL_LABELS.items():
        count = sum(about.level == level for about in messages)
        counts += [f"{label} {count} 条"] if count else []
    others = sum(about.level not in LEVEL_LABELS for about in messages)
    counts += [f"其他 {others} 条"] if others else []
    gravest = min(messages, key=_gravity)
    case = f"最急的是 {gravest.number}（{_short(gravest.matter)}）。" if gravest.number else ""
    return f"【政务服务】您有 {len(messages)} 条提醒：{'、'.join(counts)}。{case}请登录政务服务系统查看办理。"


def applicant_text(about: About, due: date | None) -> str:
    """Return what the applicant reads: the case, what to do and until when."""
    when = f"请最晚{due.month}月{due.day}日（含当日）补齐" if due else "请尽快补齐"
    case = f"{about.number}（{_short(about.matter)}）"
    return f"【政务服务】您的办件 {case}还缺材料，{when}，不会办的请找村代办员或受理窗口。"


def voice_text(kind: str, number: str, done: str, due: date | None, *, is_provisional: bool = False) -> str:
    """Return what whoever complained or asked reads: number, what happened, until when, where to look it up."""
    known = "（暂算）" if is_provisional else ""
    when = f"，最晚{due.month}月{due.day}日（含当日）{known}答复" if due else ""
    return (
        f"【政务服务】您的{kind} {number} {done}{when}。请凭编号和回执上的查询码，"
        f"扫回执上的二维码或在网上「咨询投诉—查处理结果」查看。"
    )


def rating_text(number: str) -> str:
    """Return what whoever rated badly reads once it was seen to: nothing of what they said."""
    return (
        f"【政务服务】您对办件 {number} 的评价已经处理完，结果由上一级监察员告知您。"
        f"公开的处理情况可在网上「好差评」查看，有疑问请打 12345。"
    )


def fit(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def _short(matter: str) -> str:
    return matter if len(matter) <= LONGEST_MATTER else f"{matter[: LONGEST_MATTER - 1]}…"


def _gravity(about: About) -> int:
    levels = list(LEVEL_LABELS)
    return levels.index(about.level) if about.level in levels else len(levels)
