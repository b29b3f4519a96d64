"""好差评: levels, detail codes, and what may become of a rating. Pure.

国办发〔2019〕51号: the level that was given is never changed; whether it counts is judged apart, by another person.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Final

from halls.domain.budget import Budget
from halls.domain.errors import Invalid, Problem


class Level(IntEnum):
    """As the national interface counts (5 非常满意 … 1 非常不满意); GB/T 39046 counts the other way round."""

    VERY_BAD = 1
    BAD = 2
    FAIR = 3
    GOOD = 4
    VERY_GOOD = 5


LEVELS: Final[dict[int, str]] = {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}
BAD: Final = frozenset({Level.VERY_BAD, Level.BAD})
# The codes are those of the national interface; the wording is shortened for a small screen.
DETAILS: Final[dict[int, dict[str, str]]] = {
    5: {
        "510": "一窗受理，一次办结",
        "511": "先受理，后补材料",
        "512": "不用提交证明",
        "513": "全程网上办",
        "514": "手机上就能办",
        "515": "就近能办",
        "516": "不用提交材料",
        "517": "热情、效率高",
    },
    4: {
        "406": "填一张表就行",
        "407": "网上提交，窗口核验",
        "408": "一张清单告知清楚",
        "409": "告知承诺，少交证明",
        "410": "可以预约",
        "411": "跑一次就办成",
        "412": "可以自助办",
        "413": "态度好",
    },
    3: {
        "307": "一次性告知",
        "308": "提供了样表",
        "309": "在承诺时间内办结",
        "310": "办事指南准确",
        "311": "按指南备材料就够",
        "312": "可以寄送",
        "313": "跑的次数和说的一样",
        "314": "态度一般",
    },
    2: {
        "207": "没有提供样表",
        "208": "没有给材料清单",
        "209": "没有在承诺时间内办结",
        "210": "重复要证明",
        "211": "说能网上办，实际不能",
        "212": "预约了还要排队",
        "213": "业务不熟练",
        "214": "态度生硬",
    },
    1: {
        "108": "在规定之外加条件",
        "109": "在规定之外加材料",
        "110": "无故超过法定时限",
        "111": "样表有错",
        "112": "说能网上补，实际不能",
        "113": "要跑几个地方",
        "114": "跑的次数比说的多",
        "115": "态度差、拖拉",
    },
}


class Channel(StrEnum):
    QR = "qr"
    WEB = "web"
    TABLET = "tablet"
    PHONE = "phone"
    POST = "post"


CHANNELS: Final[dict[Channel, str]] = {
    Channel.QR: "扫码",
    Channel.WEB: "手机、电脑网页",
    Channel.TABLET: "大厅平板",
    Channel.PHONE: "电话回访",
    Channel.POST: "邮寄书面",
}
# Given by the villager; the others are written down by somebody above the hall that served.
OWN_CHANNELS: Final = (Channel.QR, Channel.WEB, Channel.TABLET)
ENTERED_CHANNELS: Final = (Channel.PHONE, Channel.POST)

OPEN_FOR: Final = timedelta(days=30)  # after the case has ended
UNRATED_AFTER: Final = timedelta(days=7)  # then it is counted as not rated, never as content
LONGEST_TEXT: Final = 500
CONTACT: Final = Budget(1)
RECTIFY: Final = Budget(5)
MOST_DAYS_MORE: Final = 10
ATTEMPTS: Final = 3  # calls that nobody answered, before one may go on without
APART: Final = timedelta(minutes=30)
SUSPICIOUS_FROM: Final = 2  # earlier ratings from the same place


class State(StrEnum):
    PLAIN = "plain"
    CONTACTING = "contacting"
    VERIFYING = "verifying"
    RECTIFYING = "rectifying"
    ANSWERING = "answering"
    REVISITING = "revisiting"
    PUBLISHING = "publishing"
    EXPLAINING = "explaining"
    CLOSED = "closed"
    EXCLUDED = "excluded"


STATES: Final[dict[State, str]] = {
    State.PLAIN: "已登记",
    State.CONTACTING: "待联系",
    State.VERIFYING: "待核实",
    State.RECTIFYING: "整改中",
    State.ANSWERING: "待反馈",
    State.REVISITING: "待回访",
    State.PUBLISHING: "待公开",
    State.EXPLAINING: "待解释",
    State.CLOSED: "已办结",
    State.EXCLUDED: "已剔除",
}
OPEN_STATES: Final = tuple(state for state in State if state not in (State.PLAIN, State.CLOSED, State.EXCLUDED))


class Act(StrEnum):
    ATTEMPT = "attempt"
    CONTACT = "contact"
    VALID = "valid"
    INVALID = "invalid"
    EXTEND = "extend"
    RECTIFY = "rectify"
    ANSWER = "answer"
    REVISIT = "revisit"
    PUBLISH = "publish"
    EXPLAIN = "explain"
    APPEAL = "appeal"
    EXCLUDE = "exclude"
    UPHOLD = "uphold"


ACTS: Final[dict[Act, str]] = {
    Act.ATTEMPT: "联系未接通",
    Act.CONTACT: "已联系评价人",
    Act.VALID: "核实属实",
    Act.INVALID: "核实没有依据",
    Act.EXTEND: "整改延期",
    Act.RECTIFY: "整改完成",
    Act.ANSWER: "反馈评价人",
    Act.REVISIT: "回访",
    Act.PUBLISH: "公开",
    Act.EXPLAIN: "向评价人解释",
    Act.APPEAL: "申诉",
    Act.EXCLUDE: "申诉成立，剔除",
    Act.UPHOLD: "申诉不成立，维持",
}
# Whoever rated has a text about these: what became of it.
TEXTED: Final = frozenset({Act.ANSWER, Act.EXPLAIN})
# What leads on; every other act leaves the rating where it is.
NEXT: Final[dict[tuple[State, Act], State]] = {
    (State.CONTACTING, Act.CONTACT): State.VERIFYING,
    (State.VERIFYING, Act.VALID): State.RECTIFYING,
    (State.VERIFYING, Act.INVALID): State.EXPLAINING,
    (State.RECTIFYING, Act.RECTIFY): State.ANSWERING,
    (State.ANSWERING, Act.ANSWER): State.REVISITING,
    (State.REVISITING, Act.REVISIT): State.PUBLISHING,
    (State.PUBLISHING, Act.PUBLISH): State.CLOSED,
    (State.EXPLAINING, Act.EXPLAIN): State.CLOSED,
    (State.EXPLAINING, Act.VALID): State.RECTIFYING,  # whoever was to confirm that there is no ground finds one
}
_STAY: Final[dict[Act, tuple[State, ...]]] = {
    Act.ATTEMPT: (State.CONTACTING,),
    Act.EXTEND: (State.RECTIFYING,),
    # Whoever disagrees says so while it is handled; an appeal that is open then is still decided later.
    Act.APPEAL: tuple(state for state in State if state not in (State.CLOSED, State.EXCLUDED)),
    Act.UPHOLD: tuple(state for state in State if state is not State.EXCLUDED),
}


def after(state: State, act: Act, *, attempts: int = 0) -> State | None:
    """Where the rating stands after this act; None where the act is not possible. `attempts`: unanswered so far."""
    if act is Act.EXCLUDE:
        return None if state is State.EXCLUDED else State.EXCLUDED
    if act is Act.ATTEMPT and state is State.CONTACTING and attempts + 1 >= ATTEMPTS:
        return State.VERIFYING
    if state in _STAY.get(act, ()):
        return state
    return NEXT.get((state, act))


def check_opinion(level: int, details: Collection[str], text: str) -> tuple[list[str], str]:
    """Return the detail codes in order and the text as they are kept. Raises Invalid with every faulty field.

    国办发〔2019〕51号: whoever is not content says with what: a code or words.
    """
    problems = []
    words = " ".join(text.split())
    known = DETAILS.get(level, {})
    if level not in LEVELS:
        problems.append(Problem("level", "请选一个满意程度。", "从非常满意到非常不满意，选一项。"))
    elif not set(details) <= set(known):
        problems.append(Problem("details", "有一项不属于您选的满意程度。", "请返回重新选择满意程度。"))
    elif level in BAD and not details and not words:
        problems.append(Problem("details", "还不知道哪里没做好。", "请至少勾选一项，或写一句话，我们好去核实、整改。"))
    if len(words) > LONGEST_TEXT:
        problems.append(Problem("text", f"最多写 {LONGEST_TEXT} 个字，现在有 {len(words)} 个。", "请写得简短些。"))
    if problems:
        raise Invalid("rating_incomplete", "评价还没有填好。", problems=tuple(problems))
    return sorted(set(details)), words


def is_open(ended_at: datetime, now: datetime) -> bool:
    """Whether a case that ended then may still be rated."""
    return now <= ended_at + OPEN_FOR


def superior_of(path: str) -> str:
    """The path of the hall above; a county's hall stands for itself. A department's is that of its hall's."""
    parts = path.rstrip("/").split("/")
    return "/".join(parts[:-1] or parts) + "/"
