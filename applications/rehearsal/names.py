"""Invented people: names as they are met in the mountains of eastern Chongqing, numbers that belong to nobody.

Every number begins with the impossible region 99, so that it passes the check digit and is no living person's.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from applications.domain.identity import resident_check_digit

# Frequent surnames first; 向、冉、田、谭、覃、彭 are frequent among the 土家族.
_SURNAMES = (
    "王李张刘陈杨黄周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
    "向冉田谭覃彭熊龚易廖文邹黎贺雷龙段侯陶夏汪石方谯望晏瞿鄢"
)  # fmt: skip
_MALE = "伟军勇强明平国建华文志德光林辉斌成波峰永兴福祥贵全良松山江海学忠义仁孝安顺正东清云龙俊杰涛超鹏"
_FEMALE = "芳英秀兰玉梅凤珍琴菊香红燕霞丽娟艳萍玲桂花莲翠琼碧芬淑慧敏静婷雪月春秋素珠群容莉蓉"
_REGION = "990000"


def full_name(random: Random, *, is_male: bool) -> str:
    """Return a surname with one or two characters."""
    surname = random.choice(_SURNAMES[: random.choice((12, 30, len(_SURNAMES)))])
    letters = _MALE if is_male else _FEMALE
    return surname + "".join(random.sample(letters, 2 if random.random() < 0.75 else 1))


def id_number(random: Random, *, is_male: bool, born: date) -> str:
    """Return a number that passes every check and belongs to nobody: an odd serial is a man's."""
    serial = random.randrange(1, 500) * 2 - (1 if is_male else 0)
    first17 = f"{_REGION}{born:%Y%m%d}{serial % 1000:03d}"
    return first17 + resident_check_digit(first17)


def birth_date(random: Random, *, today: date, youngest: int = 20, oldest: int = 85) -> date:
    return today - timedelta(days=random.randrange(youngest * 365, oldest * 365))


def phone_number(random: Random) -> str:
    """Return a mobile number of a range that no operator assigns."""
    return f"14{random.choice('23')}{random.randrange(10**8):08d}"
