"""What may follow by itself when a limit has run out (超时默认), and where nothing ever may. Pure.

Sources: 行政许可法 §§32, 36, 45–47, 50, 57; published practice excludes safety, secrecy and benefits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from halls.domain.moments import ONE_DAY, start_of


class Policy(StrEnum):
    DEEMED_ACCEPT = "deemed_accept"
    DEEMED_RENEW = "deemed_renew"
    DEEMED_WITHDRAW = "deemed_withdraw"
    DEEMED_CONSENT = "deemed_consent"
    ESCALATE = "escalate"
    NONE = "none"


class Where(StrEnum):
    ACCEPTANCE = "acceptance"
    SUPPLEMENT = "supplement"
    STEP = "step"
    RENEWAL = "renewal"


class Ground(StrEnum):
    """Why a default is not to be had."""

    MONEY = "money"
    SAFETY = "safety"
    IDENTITY = "identity"
    HEARING = "hearing"
    THIRD_PARTY = "third_party"
    QUOTA = "quota"
    DISPUTE = "dispute"
    MISPLACED = "misplaced"
    ALWAYS_ON = "always_on"
    DECIDING = "deciding"
    NO_RENEWAL = "no_renewal"


@dataclass(frozen=True)
class Affair:
    """What a guide says about its matter, as far as a default depends on it."""

    name: str
    kind: str
    theme: str
    result: str = ""
    result_kind: str = ""
    step_names: tuple[str, ...] = ()


# The only limit at whose end each policy makes sense; escalating is possible everywhere.
PLACES: Mapping[Policy, frozenset[Where]] = {
    Policy.DEEMED_ACCEPT: frozenset({Where.ACCEPTANCE}),
    Policy.DEEMED_WITHDRAW: frozenset({Where.SUPPLEMENT}),
    Policy.DEEMED_CONSENT: frozenset({Where.STEP}),
    Policy.DEEMED_RENEW: frozenset({Where.RENEWAL}),
    Policy.ESCALATE: frozenset(Where),
    Policy.NONE: frozenset(Where),
}
# These decide nothing by themselves, so they are open to every matter.
HARMLESS = frozenset({Policy.ESCALATE, Policy.NONE})
INTERNAL_STEP = "review"
PERMIT = "行政许可"
_RENEWAL_WORDS = ("延续", "续期", "续展")
_MONEY_KINDS = frozenset({"行政给付", "行政征收", "行政奖励"})
_DISPUTE_KINDS = frozenset({"行政裁决"})
_PUBLICITY_WORDS = ("听证", "公示", "公告", "张榜", "评议", "村民小组讨论", "征求意见")
_WORDS: Mapping[Ground, tuple[str, ...]] = {
    Ground.MONEY: (
        "资金", "补贴", "补助", "救助", "救济", "抚恤", "扶助", "津贴", "给付", "报销", "待遇", "供养", "优抚", "奖励",
        "养老", "保险", "医保", "社会保障卡", "残疾", "返贫", "贷款", "账户", "筹资", "税", "就业困难", "援助",
    ),
    Ground.SAFETY: (
        "安全", "保密", "涉密", "环境", "防火", "用火", "烟花", "爆竹", "危险", "危房", "食品", "农药", "兽药", "防疫",
        "畜禽", "医", "卫生", "预防接种", "伤残", "施工", "涉路", "建筑", "治安", "特种行业", "水利", "取水", "供水",
        "供电", "用电", "用水", "竣工",
    ),
    Ground.IDENTITY: (
        "户籍", "户口", "身份证", "居住证", "居住登记", "流动人口", "出生", "死亡", "婚姻", "结婚", "收养", "生育",
        "独生子女", "退役军人",
    ),
    Ground.THIRD_PARTY: (
        "宅基地", "不动产", "土地", "用地", "农用地", "林地", "林木", "林权", "承包", "流转", "权属", "房屋", "墓地",
        "规划", "养殖", "集体资产", "临时建筑", "信息公开", "未成年", "儿童",
    ),
    Ground.QUOTA: ("采伐", "限额", "指标", "名额", "配额", "烟草专卖", "取水", "水域滩涂"),
    Ground.DISPUTE: ("争议", "纠纷", "裁决", "仲裁", "调解", "投诉", "举报", "信访"),
}  # fmt: skip


def touched(affair: Affair) -> tuple[Ground, ...]:
    """Return every ground that keeps this matter away from defaults, as far as its guide tells.

    Words of name, theme and result decide, in favour of caution: a matter too many stays with people.
    """
    text = " ".join((affair.name, affair.theme, affair.result, affair.result_kind))
    found = {ground for ground, words in _WORDS.items() if any(word in text for word in words)}
    if affair.kind in _MONEY_KINDS:
        found.add(Ground.MONEY)
    if affair.kind in _DISPUTE_KINDS:
        found.add(Ground.DISPUTE)
    if any(word in name for name in affair.step_names for word in _PUBLICITY_WORDS):
        found.add(Ground.HEARING)
    return tuple(ground for ground in Ground if ground in found)


def forbidden(policy: Policy, where: Where, affair: Affair, *, step_kind: str = "") -> tuple[Ground, ...]:
    """Return why this policy may not be published for this matter; empty when it may.

    `step_kind`: the kind of the guide's step, where the policy is for a step.
    """
    if where not in PLACES[policy]:
        return (Ground.MISPLACED,)
    if policy in HARMLESS:
        return ()
    if policy is Policy.DEEMED_ACCEPT:
        return (Ground.ALWAYS_ON,)
    grounds = list(touched(affair))
    if policy is Policy.DEEMED_CONSENT and step_kind != INTERNAL_STEP:
        grounds.append(Ground.DECIDING)
    if policy is Policy.DEEMED_RENEW and not is_renewal(affair):
        grounds.append(Ground.NO_RENEWAL)
    return tuple(grounds)


def permit_ends(expires_on: date) -> datetime:
    """Return the last moment of a permit: the whole last day counts, and no day off moves it (§50 and the permit)."""
    return start_of(expires_on + ONE_DAY) - timedelta(seconds=1)


def is_renewal(affair: Affair) -> bool:
    """Whether the matter asks to prolong a permit that runs out (行政许可法 §50)."""
    return affair.kind == PERMIT and any(word in affair.name for word in _RENEWAL_WORDS)
