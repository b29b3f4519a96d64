"""Identity numbers: GB 11643 for people, GB 32100 for organisations. Pure.

Written by hand because ready-made checkers refuse real people (district codes younger than the
birth date, residence permits that begin with 81/82/83) and accept births in the future.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from enum import StrEnum

from halls.domain.errors import Invalid


class IdKind(StrEnum):
    RESIDENT = "resident"
    USCC = "uscc"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {
            IdKind.RESIDENT: "居民身份证(居住证)",
            IdKind.USCC: "统一社会信用代码",
            IdKind.OTHER: "其他证件",
        }[self]


# GB/T 2260 first two digits, with 71/81/82 (and the residence permits 81/82/83) and 9x for the
# permanent-residence card of foreigners. 99 is the impossible region kept for made-up people.
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 "  # noqa: SIM905
    "71 81 82 83 91 92 93 94 95 96 97 98 99".split()
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_OLDEST = 150  # years; nobody older has ever been recorded

_USCC_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def _refuse(code: str, message: str, cure: str) -> Invalid:
    return Invalid(code, message, field="id_number", cure=cure)


def normalise(text: str) -> str:
    """Upper case, half width, without blanks: what people type and paste, made comparable."""
    return re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", text)).upper()


def check_resident_number(text: str, *, today: date) -> str:
    """Return the normalised 18 characters of a citizen's identity number.

    Raises Invalid (field id_number) naming what is wrong and what to do. Source: GB 11643-1999.
    """
    number = normalise(text)
    if re.fullmatch(r"[0-9]{15}", number):
        raise _refuse(
            "id_15_digits",
            "这是 15 位的旧号码，一代证已停用。",
            "请看二代身份证有照片的一面，填写 18 位号码。",
        )
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise _refuse(
            "id_shape",
            f"身份证号应为 18 位（前 17 位是数字，最后一位是数字或 X），现在是 {len(number)} 位。",
            "请对照证件逐位核对。",
        )
    if number[:2] not in _PROVINCES:
        raise _refuse("id_region", "身份证号开头两位不是有效的地区代码。", "请核对前两位。")
    born = _birth_date(number)
    if born > today:
        raise _refuse(
            "id_future_birth",
            f"身份证号里的出生日期 {born.isoformat()} 还没有到。",
            "请核对第 7 到 14 位。",
        )
    if today.year - born.year > _OLDEST:
        raise _refuse(
            "id_too_old",
            f"身份证号里的出生日期 {born.isoformat()} 过早。",
            "请核对第 7 到 14 位。",
        )
    expected = resident_check_digit(number[:17])
    if number[17] != expected:
        raise _refuse(
            "id_check_digit",
            "身份证号校验位不对，至少有一位填错了。",
            "请对照证件重新输入；若证件本身如此，请到派出所核实。",
        )
    return number


def _birth_date(number: str) -> date:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise _refuse(
            "id_birth_date",
            f"身份证号里的出生日期 {number[6:14]} 不存在。",
            "请核对第 7 到 14 位。",
        ) from None


def resident_check_digit(first17: str) -> str:
    """The 18th character for 17 digits (ISO 7064 MOD 11-2)."""
    return _CHECKS[sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def check_uscc(text: str) -> str:
    """Return the normalised unified social credit code. Raises Invalid. Source: GB 32100-2015."""
    code = normalise(text)
    if len(code) != 18 or any(c not in _USCC_CHARS for c in code):
        raise _refuse(
            "uscc_shape",
            "统一社会信用代码应为 18 位数字和大写字母（不含 I、O、S、V、Z）。",
            "请对照营业执照或登记证书核对。",
        )
    total = sum(_USCC_CHARS.index(c) * w for c, w in zip(code[:17], _USCC_WEIGHTS, strict=True))
    if code[17] != _USCC_CHARS[(31 - total % 31) % 31]:
        raise _refuse(
            "uscc_check_digit",
            "统一社会信用代码校验位不对，至少有一位填错了。",
            "请对照营业执照或登记证书重新输入。",
        )
    return code


def check_id(kind: IdKind, text: str, *, today: date) -> str:
    """Check a number of the given kind and return it normalised. Raises Invalid."""
    if kind is IdKind.RESIDENT:
        return check_resident_number(text, today=today)
    if kind is IdKind.USCC:
        return check_uscc(text)
    number = normalise(text)
    if not 4 <= len(number) <= 32:
        raise _refuse("id_other_length", "证件号应为 4 到 32 位。", "请对照证件填写完整。")
    return number


def check_phone(text: str) -> str:
    """Return a mainland phone number without separators, or "" for none. Raises Invalid."""
    phone = normalise(text).removeprefix("+86")
    if not phone:
        return ""
    if not re.fullmatch(r"1[3-9][0-9]{9}|0[0-9]{9,11}|[2-9][0-9]{6,7}", phone):
        raise Invalid(
            "phone_shape",
            "联系电话应为 11 位手机号，或带区号的座机号。",
            field="phone",
            cure="请核对号码；没有电话可以留空，由代办员转告。",
        )
    return phone


def mask_name(name: str, *, is_person: bool = True) -> str:
    """张三 -> 张*, and no more of a longer name; an organisation keeps its first four characters."""
    shown = 1 if is_person or len(name) <= 4 else 4
    return name[:shown] + "*" * min(len(name) - shown, 4)


def mask_id_number(number: str) -> str:
    if len(number) < 8:
        return "*" * len(number)
    return number[:3] + "*" * (len(number) - 5) + number[-2:]


def mask_phone(phone: str) -> str:
    if not phone:
        return ""
    return phone[:3] + "*" * max(len(phone) - 5, 0) + phone[-2:]
