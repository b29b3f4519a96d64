"""Whether two names mean one and the same paper. Pure."""

from __future__ import annotations

import re

_BRACKET = re.compile(r"[（(][^（）()]*[）)]")
_NOISE = re.compile(r"[\s、，,和与及或的]|有效|居民|公民|本人|申请人|原件|复印件|材料|证件|文件|证书")
# Papers that go by several names.
PAPERS = (
    ("身份证", "身份证明"),
    ("户口簿", "户口本", "户籍证明", "户籍信息"),
    ("营业执照", "法人登记证", "法人资格证明", "组织登记证"),
    ("不动产权证", "不动产权属证明", "房屋权属", "房产证"),
    ("免冠", "证件照", "照片"),
    ("银行卡", "银行账户", "账户信息"),
    ("诊断证明", "诊断书"),
)
# Whose paper it is: those of different people are different papers.
PERSONS = (
    "夫妻", "父母", "监护人", "儿童", "子女", "学生", "户主", "死亡人员", "申报人", "参保人", "受益人", "继承人",
    "出租人", "承租人", "法定代表人", "从业人员", "代办人", "代理人", "被申请人", "投诉人", "股东", "成员", "承包农户",
    "拟任负责人", "发起人", "养殖者", "项目", "危房", "损失", "变更后", "原", "低保", "特困", "亲属",
)  # fmt: skip
SAME = 0.8


def alike(one: str, other: str) -> bool:
    """Whether two different names probably mean the same paper of the same person."""
    one, other = _BRACKET.sub("", one), _BRACKET.sub("", other)
    if _persons(one) != _persons(other):
        return False
    papers = _papers(one) & _papers(other)
    if papers and len(_papers(one) | _papers(other)) == 1:
        return True
    left, right = _pairs(one), _pairs(other)
    return bool(left and right) and 2 * len(left & right) / (len(left) + len(right)) >= SAME


def _persons(name: str) -> frozenset[str]:
    return frozenset(person for person in PERSONS if person in name)


def _papers(name: str) -> frozenset[int]:
    return frozenset(number for number, words in enumerate(PAPERS) if any(word in name for word in words))


def _pairs(name: str) -> frozenset[str]:
    core = _NOISE.sub("", name)
    return frozenset(core[index : index + 2] for index in range(len(core) - 1))
