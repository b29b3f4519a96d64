"""投诉、咨询、「多次跑」: what may follow on what, and on which ground. Pure.

Source: 鞍政办发〔2020〕19号 第二十至二十三条 (受理渠道、受理范围、处置方式、结果运用), 第十七条 (「多次跑」);
GB/T 36113-2018: 受理, 调查, 处置, 反馈, 归档.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from applications.domain.numbers import check_digit
from halls.domain.errors import Invalid, Refused


class Kind(StrEnum):
    COMPLAINT = "complaint"
    REPEAT = "repeat"
    INQUIRY = "inquiry"


class State(StrEnum):
    LODGED = "lodged"
    ACCEPTED = "accepted"
    HANDLING = "handling"
    ANSWERED = "answered"
    CLOSED = "closed"
    REFUSED = "refused"


class Channel(StrEnum):
    WEB = "web"
    PHONE = "phone"
    LETTER = "letter"
    VISIT = "visit"
    PROXY = "proxy"


class VoiceVerb(StrEnum):
    LODGE = "lodge"
    ACCEPT = "accept"
    REFUSE = "refuse"
    INVESTIGATE = "investigate"
    RELEASE = "release"
    EXPLAIN = "explain"
    EXTEND = "extend"
    ANSWER = "answer"
    CLOSE = "close"
    HAND_UP = "hand_up"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    REVEAL = "reveal"


class Keeper(StrEnum):
    """Who handles a complaint: the next in line where everybody before is accused, named or absent."""

    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    DIRECTOR = "director"


class Ground(StrEnum):
    NO_EVIDENCE = "no_evidence"
    OTHER_CHANNEL = "other_channel"
    OUTSIDE = "outside"


class Result(StrEnum):
    UPHELD = "upheld"
    PARTLY = "partly"
    UNFOUNDED = "unfounded"


class Told(StrEnum):
    PHONE = "phone"
    VISIT = "visit"
    LETTER = "letter"
    PAGE = "page"


KIND_LABELS: Final = {Kind.COMPLAINT: "投诉", Kind.REPEAT: "「多次跑」反映", Kind.INQUIRY: "咨询"}
PREFIXES: Final = {Kind.COMPLAINT: "TS", Kind.REPEAT: "TS", Kind.INQUIRY: "ZX"}
STATE_LABELS: Final = {
    State.LODGED: "已收到",
    State.ACCEPTED: "已受理",
    State.HANDLING: "调查处理中",
    State.ANSWERED: "已答复",
    State.CLOSED: "已归档",
    State.REFUSED: "不予受理",
}
OPEN: Final = frozenset({State.LODGED, State.ACCEPTED, State.HANDLING})
CHANNEL_LABELS: Final = {
    Channel.WEB: "网页（扫码）",
    Channel.PHONE: "电话",
    Channel.LETTER: "信函、意见箱",
    Channel.VISIT: "来访",
    Channel.PROXY: "代办员代填",
}
GROUND_LABELS: Final = {
    Ground.NO_EVIDENCE: "投诉事项证据材料不全，且投诉人无正当理由",
    Ground.OTHER_CHANNEL: "投诉事项已经或者依法应当通过诉讼、仲裁、行政复议、信访等途径解决",
    Ground.OUTSIDE: "不是政务服务大厅内发生的违反政务服务标准化要求的事项",
}
# The days are those of 鞍政办发〔2020〕19号, which does not hold here: a paper names the standard of the whole country,
# and says whose days they are.
GROUND_BASIS: Final = "《政务服务中心服务投诉处置规范》（GB/T 36113—2018）和本中心公布的投诉受理范围"
LIMIT_BASIS: Final = "《政务服务中心服务投诉处置规范》（GB/T 36113—2018）和本中心公布的投诉办理期限"
KEEPER_LABELS: Final = {
    Keeper.ADMINISTRATOR: "监察员都须回避或者无人在岗，由县系统管理员办理",
    Keeper.DIRECTOR: "监察员和系统管理员都须回避或者无人在岗，由没有被投诉的乡镇、部门负责人办理",
}
# The same as whoever complained reads it; the supervisors of a county are not the centre that may be accused.
KEEPER_NAMES: Final = {
    Keeper.SUPERVISOR: "县监察员",
    Keeper.ADMINISTRATOR: "县系统管理员",
    Keeper.DIRECTOR: "没有被投诉的乡镇、部门负责人",
}
RESULT_LABELS: Final = {Result.UPHELD: "属实", Result.PARTLY: "部分属实", Result.UNFOUNDED: "不属实"}
TOLD_LABELS: Final = {
    Told.PHONE: "电话告知",
    Told.VISIT: "当面告知",
    Told.LETTER: "寄送书面告知书",
    Told.PAGE: "没有留联系方式，在查询页告知",
}
FEWEST_TRIPS: Final = 2  # 「多次跑」: twice or more for one matter
SHORTEST: Final = 10
MOST_PHOTOS: Final = 3  # a stranger sends them without a login; the database holds the same number (migration 0040)


def ways_to_tell(*, has_name: bool, has_phone: bool) -> tuple[Told, ...]:
    """How whoever left this much can be told the result, the nearest first; without a telephone it is on the page."""
    if has_phone:
        return (Told.PHONE, Told.VISIT, Told.LETTER)
    return (Told.PAGE, Told.VISIT, Told.LETTER) if has_name else (Told.PAGE,)


@dataclass(frozen=True)
class Step:
    """One row of the table: from which states, to which (None: it stays), of which kinds."""

    label: str
    sources: frozenset[State]
    target: State | None
    kinds: frozenset[Kind]


COMPLAINTS: Final = frozenset({Kind.COMPLAINT, Kind.REPEAT})
_ALL: Final = frozenset(Kind)
_AT_WORK: Final = frozenset({State.ACCEPTED, State.HANDLING})
TABLE: Final[Mapping[VoiceVerb, tuple[Step, ...]]] = {
    VoiceVerb.ACCEPT: (Step("受理", frozenset({State.LODGED}), State.ACCEPTED, COMPLAINTS),),
    VoiceVerb.REFUSE: (Step("不予受理", frozenset({State.LODGED}), State.REFUSED, COMPLAINTS),),
    VoiceVerb.INVESTIGATE: (Step("记录调查", _AT_WORK, State.HANDLING, COMPLAINTS),),
    VoiceVerb.RELEASE: (Step("转被投诉单位说明", _AT_WORK, None, COMPLAINTS),),
    VoiceVerb.EXPLAIN: (Step("说明情况", _AT_WORK, None, COMPLAINTS),),
    VoiceVerb.EXTEND: (Step("延期", _AT_WORK, None, COMPLAINTS),),
    VoiceVerb.ANSWER: (
        Step("答复", _AT_WORK, State.ANSWERED, COMPLAINTS),
        Step("答复", frozenset({State.LODGED}), State.ANSWERED, frozenset({Kind.INQUIRY})),
    ),
    VoiceVerb.CLOSE: (Step("反馈归档", frozenset({State.ANSWERED}), State.CLOSED, COMPLAINTS),),
    VoiceVerb.HAND_UP: (Step("转上一级", OPEN, None, _ALL),),
    VoiceVerb.PUBLISH: (Step("公开问答", frozenset({State.ANSWERED}), None, frozenset({Kind.INQUIRY})),),
    VoiceVerb.UNPUBLISH: (Step("撤下公开", frozenset({State.ANSWERED}), None, frozenset({Kind.INQUIRY})),),
    VoiceVerb.REVEAL: (Step("查看联系方式", frozenset(State), None, _ALL),),
}
VERB_LABELS: Final = {VoiceVerb.LODGE: "提出", **{verb: rows[0].label for verb, rows in TABLE.items()}}
# The acts that issue a paper to whoever complained, and the sign of its number.
PAPERS: Final = {
    VoiceVerb.ACCEPT: ("投诉受理告知书", "诉受"),
    VoiceVerb.REFUSE: ("不予受理告知书", "诉不受"),
    VoiceVerb.EXTEND: ("延期告知书", "诉延"),
    VoiceVerb.ANSWER: ("处理结果告知书", "诉结"),
}


def step_for(verb: VoiceVerb, kind: Kind, state: State) -> Step | None:
    """The row of the table that allows this verb now, or None."""
    return next((row for row in TABLE.get(verb, ()) if kind in row.kinds and state in row.sources), None)


def require_step(verb: VoiceVerb, kind: Kind, state: State) -> Step:
    """The row that allows the verb. Raises Refused (`wrong_state`)."""
    row = step_for(verb, kind, state)
    if row is None:
        words = f"{KIND_LABELS[kind]}现在是「{STATE_LABELS[state]}」，不能{VERB_LABELS[verb]}。"
        raise Refused("wrong_state", words, cure="请刷新页面，看现在能办什么。")
    return row


# --- numbers --------------------------------------------------------------------------------------------------------


def voice_number(kind: Kind, day: date, serial: int) -> str:
    """TS or ZX, the day (8), a serial number (6), a check digit over both."""
    body = f"{day:%Y%m%d}{serial % 1_000_000:06d}"
    return f"{PREFIXES[kind]}{body}{check_digit(body)}"


def parse_voice_number(text: str) -> str:
    """Return the number as typed, made comparable. Raises Invalid naming the fault."""
    number = re.sub(r"[\s\u3000-]+", "", text).upper()
    if not re.fullmatch(r"(TS|ZX)[0-9]{15}", number):
        cure = "请照回执输入：TS 或 ZX 开头，后面 15 位数字，中间有没有空格都行。"
        raise Invalid("number_shape", "编号的样子不对。", field="number", cure=cure)
    if check_digit(number[2:16]) != number[16]:
        raise Invalid("number_check_digit", "编号有一位输错了。", field="number", cure="请照回执逐位核对。")
    return number


def release_number(act: int) -> str:
    """SM and the number of the act that asked the accused for an explanation: by this alone they know a complaint, for
    the complaint's own number tells the day it came and how many came before it.
    """
    return f"SM{act:07d}"


def released_by(number: str) -> int | None:
    """The act that such a number names; None for any other number."""
    found = re.fullmatch(r"SM([0-9]{7,18})", number)
    return int(found[1]) if found else None


def spaced(number: str) -> str:
    """TS 20260302 0000175, as it is printed and read aloud."""
    return f"{number[:2]} {number[2:10]} {number[10:]}"


# --- who handles it, and who never does -----------------------------------------------------------------------------


def root_of(path: str) -> str:
    """The county at the root of a path."""
    return path.split("/", 1)[0] + "/"


def above(path: str) -> str:
    """The node above; the county stays the county."""
    parts = path.rstrip("/").split("/")
    return "/".join(parts[:-1] or parts) + "/"


def seat_of(kind: Kind, about: str) -> str:
    """Where it is handled: an inquiry where it was asked, a complaint above whoever is accused.

    A village point is the township director's; a township's hall or office, and everything of the county, the county
    supervisors'.
    """
    if kind is Kind.INQUIRY:
        return about
    is_village = "~" not in about and about.count("/") > _TOWNSHIP_DEPTH
    return above(about) if is_village else root_of(about)


_TOWNSHIP_DEPTH: Final = 2  # county/township/


def barred_paths(working: frozenset[str], watching: frozenset[str]) -> frozenset[str]:
    """The accused nodes whose complaints this person never handles: those where they, or a part of them, belong.

    `working`: nodes of any duty but to supervise; `watching`: nodes of that one. Whoever watches a whole county is
    not of the county's hall by that alone; whoever has any other post in that hall is.
    """
    own = {node for path in working | watching for node in _nodes_up(path) if node != root_of(path)}
    return frozenset(own | {path for path in working if path == root_of(path)})


def _nodes_up(path: str) -> list[str]:
    parts = path.rstrip("/").split("/")
    return ["/".join(parts[:size]) + "/" for size in range(len(parts), 0, -1)]


# All that may stand between the signs of a name: blanks, points, dashes, pictures. The same as supervision_plain.
_BETWEEN: Final = re.compile(
    r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u1680\u180e\u2000-\u2bff\u3000-\u303f\ufe00-\ufe6f\ufeff"
    r"\U0001f000-\U0001faff]+"
)


def plain(text: str) -> str:
    """Return what was written without anything between its signs: 吴·林 忠 and 吴林忠 are one name."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text))


def names_person(accused: str, name: str) -> bool:
    """Whether what the complainant wrote holds this person's name."""
    sought = plain(name)
    return bool(sought) and sought in plain(accused)
