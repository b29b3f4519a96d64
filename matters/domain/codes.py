"""The national codes of a matter: 基本编码 12, 实施编码 31, 业务办理项编码 33, and the organ's code inside them.

Sources: GB/T 39554.1-2020 (structure), GB 32100-2015 (unified social credit code), GB/T 39046-2020 appendix A (lists).
"""

from __future__ import annotations

import re

BASIC_LENGTH, TASK_LENGTH, VARIANT_LENGTH, CREDIT_LENGTH = 12, 31, 33, 18
KIND_DIGITS = {
    "行政许可": "01", "行政征收": "04", "行政给付": "05", "行政确认": "07", "行政奖励": "08", "行政裁决": "09",
    "其他行政权力": "10", "公共服务": "20",
}  # fmt: skip
LEVEL_DIGITS = {"county": "4", "township": "5", "village": "6"}
_CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z: they are mistaken for digits
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
# Region (00 or a province), kind, then department, main item and sub-item; some provinces use letters in the tail.
_BASIC = re.compile(r"[0-9]{4}[0-9A-Z]{8}")
_TASK = re.compile(r"[0-9A-Z]{18}[1-7][0-9A-Z]{12}")
_SERIAL = re.compile(r"[0-9]{2}")


def credit_check_sign(first: str) -> str:
    """Return the 18th sign for the first 17 of a unified social credit code (GB 32100-2015)."""
    total = sum(_CREDIT_SIGNS.index(sign) * weight for sign, weight in zip(first, _CREDIT_WEIGHTS, strict=True))
    return _CREDIT_SIGNS[(31 - total % 31) % 31]


def is_credit_code(text: str) -> bool:
    """Whether this is a unified social credit code with a right check sign."""
    if len(text) != CREDIT_LENGTH or any(sign not in _CREDIT_SIGNS for sign in text):
        return False
    return text[-1] == credit_check_sign(text[:-1])


def basic_faults(code: str, kind: str) -> tuple[str, ...]:
    """Return in words what is wrong with a 基本编码 of a matter of this kind."""
    if len(code) != BASIC_LENGTH:
        return (f"基本编码应为 {BASIC_LENGTH} 位，现在是 {len(code)} 位。",)
    if not _BASIC.fullmatch(code):
        return ("基本编码前 4 位应为数字，后 8 位应为数字或大写字母。",)
    wanted = KIND_DIGITS.get(kind)
    if wanted is not None and code[2:4] != wanted:
        return (f"基本编码第 3、4 位是 {code[2:4]}，{kind}应为 {wanted}。",)
    return ()


def task_faults(code: str, *, level: str, basic: str) -> tuple[str, ...]:
    """Return in words what is wrong with a 实施编码; `basic` is the matter's 基本编码, empty when not stated."""
    if len(code) != TASK_LENGTH:
        return (f"实施编码应为 {TASK_LENGTH} 位，现在是 {len(code)} 位。",)
    if not _TASK.fullmatch(code):
        return ("实施编码应为数字和大写字母，第 19 位是 1 至 7 的行使层级。",)
    found = []
    if not is_credit_code(code[:CREDIT_LENGTH]):
        found.append(f"实施编码前 18 位 {code[:CREDIT_LENGTH]} 不是有效的统一社会信用代码。")
    wanted = LEVEL_DIGITS.get(level)
    if wanted is not None and code[CREDIT_LENGTH] != wanted:
        found.append(f"实施编码第 19 位是 {code[CREDIT_LENGTH]}，按决定层级应为 {wanted}。")
    if basic and code[-BASIC_LENGTH:] != basic:
        found.append(f"实施编码后 12 位是 {code[-BASIC_LENGTH:]}，与基本编码 {basic} 不一致。")
    return tuple(found)


def variant_faults(code: str, *, task: str) -> tuple[str, ...]:
    """Return in words what is wrong with a 业务办理项编码: the 实施编码 and a serial of two digits."""
    if len(code) != VARIANT_LENGTH:
        return (f"业务办理项编码应为 {VARIANT_LENGTH} 位，现在是 {len(code)} 位。",)
    found = []
    if task and code[:TASK_LENGTH] != task:
        found.append("业务办理项编码前 31 位与实施编码不一致。")
    if not _SERIAL.fullmatch(code[TASK_LENGTH:]):
        found.append(f"业务办理项编码最后两位是 {code[TASK_LENGTH:]}，应为数字序号。")
    return tuple(found)
