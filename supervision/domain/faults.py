"""What a card can be issued for by hand (人工发牌): published faults that no clock sees, each with its ground. Pure.

The eight triggers of a city's rule and the staff liability of 行政许可法 §72–75; late steps have cards of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault by its code, in words, and the ground that is usually cited."""

    code: str
    label: str
    ground: str


_LAW: Final = "《中华人民共和国行政许可法》"
_ALL: Final = (
    Fault("not_accepted", "符合条件的申请不予受理", f"{_LAW}第七十二条第一项"),
    Fault("not_posted", "应当公示的材料没有公示", f"{_LAW}第七十二条第二项"),
    Fault("no_notice", "没有一次性告知必须补正的全部内容", f"{_LAW}第三十二条第一款第四项"),
    Fault("second_correction", "对原已存在的问题第二次要求补正", f"{_LAW}第三十二条第一款第四项"),
    Fault("no_reasons", "不予受理、不予许可没有说明理由", f"{_LAW}第三十八条第二款"),
    Fault("no_hearing", "应当听证而没有听证", f"{_LAW}第四十六条"),
    Fault("sent_late", "初审单位没有按时报送", f"{_LAW}第四十三条"),
    Fault("asked_again", "要求申请人重复提供已交下级机关的材料", f"{_LAW}第三十五条"),
    Fault("off_system", "体外循环、先办后录", "电子监察公开规则：不按规定在系统内办理"),
    Fault("backdated", "倒填受理日期", "电子监察公开规则：受理、办理记录不实"),
    Fault("pause_unfounded", "没有书面文书停止计时", f"{_LAW}第四十五条"),
    Fault("illegal_fee", "违法收费", f"{_LAW}第五十八条、第七十五条"),
    Fault("other", "其他违反办理规定的行为", ""),
)
FAULTS: Final = {fault.code: fault for fault in _ALL}
FAULT_CHOICES: Final = tuple((fault.code, fault.label) for fault in _ALL)
