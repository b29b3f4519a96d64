"""The elements of a guide that older lists of matters do not have: shown where they are stated.

Where the law demands an element and nobody stated it, the page says so in one honest line (DEMANDED).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matters.domain.catalogue import (
    ORGAN_KINDS,
    POWER_SOURCES,
    SAMPLE_BASES,
    AnswerRecord,
    FeeRecord,
    MatterRecord,
    QuestionRecord,
)
from matters.domain.catalogue import VariantRecord as Variant
from matters.models import GuideFile, MatterVersion

WORKING_DAY: Final = MatterVersion.LimitUnit.WORKING_DAY.value
GRADES: Final = {
    "A": gettext_lazy("A 级：部门核发，可查验"),
    "B": gettext_lazy("B 级：经窗口核对"),
    "C": gettext_lazy("C 级：申请人上传"),
    "D": gettext_lazy("D 级：申请人自述"),
}
# 行政许可法第三十条、国务院令第722号第三十五条、国发〔2016〕55号: what every guide must make public.
DEMANDED: Final = {
    "standard": gettext_lazy("审查标准"),
    "place": gettext_lazy("办理地点"),
    "hours": gettext_lazy("办理时间"),
    "consult": gettext_lazy("咨询方式"),
    "complaint": gettext_lazy("监督投诉方式"),
    "remedies": gettext_lazy("复议、诉讼途径"),
}


@dataclass(frozen=True, slots=True)
class Download:
    """A file that people can take home."""

    pk: int
    name: str
    kind: str
    size: str


@dataclass(frozen=True, slots=True)
class GuideMore:
    """What else a guide states; empty means not stated. `unstated`: labels of what the law demands and nobody wrote."""

    basic_code: str = ""
    task_code: str = ""
    variants: tuple[Variant, ...] = ()
    organ_kind: str = ""
    power_source: str = ""
    entrusted_by: str = ""
    life_events: tuple[str, ...] = ()
    provincial: str = ""
    compression: str = ""
    compression_is_sample: bool = False
    fee_items: tuple[FeeRecord, ...] = ()
    result_sample: str = ""
    result_file: Download | None = None
    visits_note: str = ""
    channels: tuple[str, ...] = ()
    channels_are_sample: bool = False
    reach: str = ""
    booking: str = ""
    pays_online: bool | None = None
    is_shipped: bool | None = None
    place: str = ""
    hours: str = ""
    consult: str = ""
    complaint: str = ""
    remedies: str = ""
    remedies_are_sample: bool = False
    questions: tuple[QuestionRecord, ...] = ()
    faq: tuple[AnswerRecord, ...] = ()
    unstated: tuple[str, ...] = ()


def more_of(record: MatterRecord, version: MatterVersion, files: Mapping[str, Download]) -> GuideMore:
    """Return the further elements of a record, in words."""
    compression = compressed(version)
    standards = any(step.standard for step in record.steps) or any(item.standard for item in record.materials)
    stated = {name: bool(getattr(record, name)) for name in DEMANDED if name != "standard"} | {"standard": standards}
    return GuideMore(
        basic_code=record.basic_code,
        task_code=record.task_code,
        variants=record.variants,
        organ_kind=_word(ORGAN_KINDS, record.organ_kind),
        power_source=_word(POWER_SOURCES, record.power_source),
        entrusted_by=record.entrusted_by,
        life_events=record.life_events,
        provincial=_limit(record.provincial.amount, record.provincial.unit) or record.provincial.note,
        compression=_("压缩 %(n)d%%") % {"n": compression} if compression else "",
        compression_is_sample=not SAMPLE_BASES.isdisjoint((version.promised_basis, version.statutory_basis)),
        fee_items=record.fee_items,
        result_sample=record.result_sample,
        result_file=files.get(record.result_sample),
        visits_note=record.visits_note,
        channels=record.channels,
        channels_are_sample=record.is_sample("channels"),
        reach=record.reach,
        booking=record.booking,
        pays_online=record.pays_online,
        is_shipped=record.is_shipped,
        place=record.place,
        hours=record.hours,
        consult=record.consult,
        complaint=record.complaint,
        remedies=record.remedies,
        remedies_are_sample=record.is_sample("remedies"),
        questions=record.questions,
        faq=record.faq,
        unstated=tuple(str(label) for name, label in DEMANDED.items() if not stated[name]),
    )


def compressed(version: MatterVersion, promised: int | None = None) -> int:
    """Return by how many per cent the promise is shorter than the statute; 0 when the two cannot be compared.

    `promised`: the days of a hall's own promise; None: those of the guide.
    """
    statute, days = version.statutory_amount, version.promised_days if promised is None else promised
    if not statute or version.statutory_unit != WORKING_DAY or days >= statute:
        return 0
    return round((statute - days) / statute * 100)


def downloads_of(matter_id: int) -> dict[str, Download]:
    """Return the blank forms and samples of a matter by name (one query)."""
    rows = GuideFile.objects.filter(matter=matter_id, replaced_at__isnull=True)
    return {
        name: Download(pk, name, name.rsplit(".", 1)[-1].upper(), size_in_words(size))
        for pk, name, size in rows.values_list("pk", "name", "size")
    }


def size_in_words(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(size // 1024, 1)} KB"


def _limit(amount: int | None, unit: str) -> str:
    if amount is None:
        return ""
    labels = {"wd": _("个工作日"), "cd": _("个自然日"), "mo": _("个月"), "y": _("年")}
    return f"{amount} {labels.get(unit, '')}"


def _word(words: Mapping[str, str], value: str) -> str:
    return next((word for word, code in words.items() if code == value), "")
