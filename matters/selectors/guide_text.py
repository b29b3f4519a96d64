"""The Chinese phrases of a guide: how long, how many copies, where, how much."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from halls.models import Level
from matters.domain.catalogue import MaterialRecord, StepRecord
from matters.domain.routing import CENTRES
from matters.models import Material, MatterVersion, Step

Unit = MatterVersion.LimitUnit


def duration(amount: int, unit: str) -> str:
    """Return 10 个工作日, 7 个自然日, 1 个月."""
    if unit == Unit.YEAR:
        return _("%(amount)d 年") % {"amount": amount}
    if unit == Unit.MONTH:
        return _("%(amount)d 个月") % {"amount": amount}
    word = _("个工作日") if unit == Unit.WORKING_DAY else _("个自然日")
    return f"{amount} {word}"


def promise(version: MatterVersion) -> str:
    if version.promised_days:
        return _("受理后 %(time)s内办结") % {"time": duration(version.promised_days, Unit.WORKING_DAY)}
    return _("当场办结")


def own_promise(days: int, published: int) -> str:
    """Return a hall's own promise beside the guide's."""
    words = {"own": duration(days, Unit.WORKING_DAY), "guide": duration(published, Unit.WORKING_DAY)}
    return _("受理后 %(own)s内办结（受理的大厅自己的承诺，办事指南为 %(guide)s）") % words


def uncounted(steps: Iterable[StepRecord | Step]) -> str:
    """Return what the special procedures add outside the promise, empty when nothing does."""
    sums: dict[str, int] = {}
    names: list[str] = []
    for step in steps:
        if not step.counts_in_limit and step.days:
            sums[step.unit] = sums.get(step.unit, 0) + step.days
            names.append(step.name)
    if not sums:
        return ""
    times = _("和").join(duration(amount, unit) for unit, amount in sums.items())
    return _("另有%(names)s，共 %(times)s，不计入承诺时限") % {"names": "、".join(names), "times": times}


def statute(version: MatterVersion) -> str:
    if version.statutory_amount is None:
        return _("法律没有规定具体天数")
    return duration(version.statutory_amount, version.statutory_unit)


def places(version: MatterVersion, steps: Iterable[StepRecord | Step]) -> tuple[str, ...]:
    """Return where the case can be handed in, nearest first."""
    organs = {step.level: step.actor for step in reversed([*steps]) if step.actor not in CENTRES}
    found = []
    if Level.VILLAGE in version.accept_levels:
        proxy = version.village_role == MatterVersion.VillageRole.PROXY
        found.append(_("村（社区）便民服务点（代办员帮您送办）") if proxy else _("村（社区）便民服务点"))
    if Level.TOWNSHIP in version.accept_levels:
        station = version.handling_organ or organs.get(Level.TOWNSHIP, "")
        found.append(_("乡镇（街道）便民服务中心") + (f"、{station}" if station else ""))
    if Level.COUNTY in version.accept_levels:
        found.append(_("县政务服务中心"))
    return tuple(found)


def fee(version: MatterVersion) -> str:
    if version.fee_charged is False:
        return _("不收费")
    if version.fee_charged and version.fee_standard:
        return version.fee_standard
    return version.fee_standard or version.fee_basis or _("请向窗口确认")


def copies(material: MaterialRecord | Material) -> str:
    """Return 原件 1 份，复印件 2 份（带原件核对）."""
    return copies_of(material.originals, material.copies, material.form, checks_original=material.view_original)


def copies_of(originals: int, copies: int, form: str, *, checks_original: bool) -> str:
    """Return 原件 1 份，复印件 2 份（带原件核对）; the form alone where no number is given."""
    parts = []
    if originals:
        parts.append(_("原件 %(n)d 份") % {"n": originals})
    if copies:
        parts.append(_("复印件 %(n)d 份") % {"n": copies})
    text = "，".join(parts) or form
    return text + (_("（带原件核对）") if checks_original else "")
