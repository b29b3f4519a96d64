"""Filling in a draft: who asks, the form, what was brought along. No verb: nothing is filed yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction

from applications.actions._move import lock_draft, touch
from applications.domain.identity import IdKind, check_id, check_phone
from applications.models import Applicant, Application, ApplicationMaterial
from halls.acting import Actor
from halls.domain.calendar import LAST_YEAR
from halls.domain.errors import Invalid, Problem
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from matters.models import Material, MatterVersion
from matters.selectors.timeout import is_renewal_guide


@dataclass(frozen=True)
class Particulars:
    """Who the case is for, as typed. None keeps the number that was sealed before: nobody types it twice."""

    name: str
    id_number: str | None
    phone: str | None = ""
    address: str = ""
    id_kind: IdKind = IdKind.RESIDENT


@transaction.atomic
def fill_applicant(
    application_id: int, particulars: Particulars, *, actor: Actor, version: int | None = None
) -> Application:
    """Check and seal who asks.

    Raises Invalid with every faulty field at once, Stale, NotFound.
    """
    application = lock_draft(application_id, actor, version)
    put_applicant(application, particulars)
    touch(application)
    return application


def put_applicant(application: Application, particulars: Particulars) -> None:
    """The part of `fill_applicant` that a filing in one go shares. Saves the applicant."""
    problems: list[Problem] = []
    name = " ".join(particulars.name.split())
    if not 2 <= len(name) <= 64:
        problems.append(Problem("name", "请填写姓名或单位名称（2 到 64 个字）。", "请照证件填写全名。"))
    today = day_of(read_moment().at)
    applicant = application.applicant or Applicant()
    typed = _typed(applicant, particulars)
    id_number = _checked(problems, lambda: check_id(particulars.id_kind, typed.id_number, today=today))
    phone = _checked(problems, lambda: check_phone(typed.phone))
    if len(particulars.address) > 200:
        problems.append(Problem("address", "住址不能超过 200 字。", "请精简。"))
    if problems:
        raise Invalid("applicant_invalid", "申请人信息有误。", problems=tuple(problems))
    applicant.put(
        name=name,
        id_kind=particulars.id_kind,
        id_number=id_number,
        phone=phone,
        address=particulars.address.strip(),
    )
    applicant.save()
    if application.applicant_id is None:
        application.applicant = applicant
        application.save(update_fields=["applicant"])


class _Typed(NamedTuple):
    id_number: str
    phone: str


def _typed(applicant: Applicant, particulars: Particulars) -> _Typed:
    """The numbers as typed; those left alone as they were sealed. They are sealed again, shown to nobody."""
    sealed = bool(applicant.id_sealed)
    kept_id = applicant.open_id_number() if sealed and particulars.id_number is None else ""
    kept_phone = applicant.open_phone() if sealed and particulars.phone is None else ""
    return _Typed(particulars.id_number or kept_id, particulars.phone or kept_phone)


def _checked(problems: list[Problem], check: Any) -> str:
    try:
        return str(check())
    except Invalid as error:
        problems.extend(error.problems)
        return ""


@transaction.atomic
def fill_form(
    application_id: int,
    answers: Mapping[str, Any],
    *,
    actor: Actor,
    permit_expires_on: date | None = None,
    version: int | None = None,
) -> Application:
    """Store the answers of the form, of a renewal the end of the permit in hand. Raises Invalid, Stale, NotFound."""
    application = lock_draft(application_id, actor, version)
    application.form = checked_form(answers)
    application.permit_expires_on = checked_permit_end(application.guide, permit_expires_on)
    application.save(update_fields=["form", "permit_expires_on"])
    touch(application)
    return application


def checked_form(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers: flat, short text values only. Raises Invalid."""
    if len(answers) > 50:
        raise Invalid("form_too_long", "表单不能超过 50 项。", field="form", cure="请只填本事项的内容。")
    checked: dict[str, Any] = {}
    for key, value in answers.items():
        plain = isinstance(value, str | int | float | bool) or value is None
        if not plain or len(str(key)) > 64 or len(str(value)) > 1000 or "\0" in f"{key}{value}":
            raise Invalid(
                "form_value",
                f"表单「{str(key)[:64]}」的内容不能识别或过长。",
                field=f"form.{str(key)[:64]}",
                cure="每项请填 1000 字以内的文字、数字或是否。",
            )
        checked[str(key)] = value
    return checked


def checked_permit_end(guide: MatterVersion, expires_on: date | None) -> date | None:
    """Return the last day of the permit that is to be renewed; None where nobody said it yet.

    Raises Invalid where nothing is renewed, or the permit is over already: what has ended cannot be prolonged.
    Source: 行政许可法 §50, §70(1).
    """
    if expires_on is None:
        return None
    name, cure = "permit_expires_on", "请照许可证上印的日期核对。"
    if not is_renewal_guide(guide):
        words = "这个事项不是许可延续，不填原许可有效期。"
        raise Invalid("permit_end_not_asked", words, field=name, cure="请把这一项留空。")
    if expires_on < day_of(read_moment().at):
        words = f"原许可已于{expires_on:%Y年%m月%d日}届满，不能再延续。"
        raise Invalid("permit_is_over", words, field=name, cure=f"{cure}确已届满的，请按新申请办理。")
    if expires_on.year > LAST_YEAR:
        raise Invalid("permit_end_too_far", "原许可有效期的年份不对。", field=name, cure=cure)
    return expires_on


@transaction.atomic
def declare_materials(
    application_id: int,
    declared: Mapping[int, str],
    *,
    actor: Actor,
    version: int | None = None,
) -> Application:
    """Tick what was brought along, by line number.

    Raises Invalid (with every line that cannot be answered so), Stale, NotFound.
    """
    application = lock_draft(application_id, actor, version)
    lines = {line.seq: line for line in application.materials.select_related("material")}
    problems: list[Problem] = []
    for seq, value in declared.items():
        if seq not in lines or value not in ApplicationMaterial.Declared.values:
            raise Invalid("unknown_line", "材料清单里没有这一项。", field=f"materials.{seq}", cure="请刷新页面。")
        if value == ApplicationMaterial.Declared.NOT_NEEDED and not may_be_left_out(lines[seq].material):
            words = f"「{lines[seq].material.name}」是必要材料，不能选「本次不需要」。"
            problems.append(Problem(f"materials.{seq}", words, "请选「已带来」；还没有的选「稍后补」。"))
        lines[seq].declared = value
    if problems:
        raise Invalid("material_is_necessary", "必要材料不能省去。", problems=tuple(problems))
    ApplicationMaterial.objects.bulk_update(list(lines.values()), ["declared"])
    touch(application)
    return application


def may_be_left_out(material: Material) -> bool:
    """Whether a paper can be 本次不需要: a necessary one never, unless the office gets it itself."""
    return material.necessity != Material.Necessity.REQUIRED or material.is_shareable
