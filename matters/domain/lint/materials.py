"""Rules about the materials a guide asks for: on what ground, from whom, how many, and not what the offices hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matters.domain.catalogue import MaterialRecord, MatterRecord
from matters.domain.lint.finding import Finding, LintContext, listed
from matters.domain.lint.kinship import alike
from matters.domain.lint.rules import found

APPLICANT, OFFICE, AGENCY = "申请人自备", "政府部门核发", "中介或法定机构出具"
# How a guide says that a shareable material is looked up and only confirmed.
SPARED = (
    "免交",
    "免提交",
    "免予提交",
    "不用交",
    "不用提交",
    "不需提交",
    "无需提交",
    "共享获取",
    "共享核验",
    "只需确认",
)
_BRACKET = re.compile(r"[（(][^（）()]*[）)]")
_FORM = re.compile(r"(申请|登记|审批|申报|审核|采集|报名|情况说明)表$|申请书$|承诺书$|授权书$")


def material_rules(record: MatterRecord, context: LintContext) -> Iterator[Finding]:
    for index, material in enumerate(record.materials):
        place = f"materials[{index}]"
        yield from _ground(material, place)
        yield from _source(material, place)
        yield from _sharing(material, place)
        yield from _form(material, place, context)
        yield from _counts(material, place)
    yield from _repeated(record)
    without = [seq for seq, material in enumerate(record.materials, start=1) if not material.standard]
    if without:
        yield found(
            "materials-without-standard", "materials", f"{listed(without)}材料没有写受理标准。",
            "请写明什么样的材料才收，例如有效期、签字和盖章。",
        )  # fmt: skip


def _ground(material: MaterialRecord, place: str) -> Iterator[Finding]:
    if not material.legal_ground:
        yield found(
            "material-without-ground", f"{place}.legal_ground", f"材料“{material.name}”没有写依据。",
            "请写要求这份材料的法律文件和条款；找不到依据的，不要再要。",
        )  # fmt: skip


def _source(material: MaterialRecord, place: str) -> Iterator[Finding]:
    if not material.source:
        yield found(
            "material-without-source", f"{place}.source", f"没有写“{material.name}”从哪里来。",
            "请选申请人自备、政府部门核发或中介机构出具。",
        )  # fmt: skip
    if material.source == AGENCY and not (material.intermediary or material.issuer):
        yield found(
            "agency-not-named", f"{place}.intermediary", f"“{material.name}”由中介或法定机构出具，没有写是哪类机构。",
            "请写机构类别或资质要求，例如“具有测绘资质的单位”。",
        )  # fmt: skip
    if material.source == OFFICE and not material.issuer:
        yield found(
            "issuer-not-named",
            f"{place}.issuer",
            f"“{material.name}”由政府部门核发，没有写哪个部门。",
            "请写核发部门。",
        )


def _sharing(material: MaterialRecord, place: str) -> Iterator[Finding]:
    if not material.is_shareable:
        return
    said = f"{material.note} {material.necessity_note} {material.form}"
    if material.necessity == "required" and not any(word in said for word in SPARED):
        yield found(
            "asked-though-shareable", f"{place}.note", f"“{material.name}”可以共享获取，却仍要求提交。",
            "请在说明里写明共享查到的不用提交、只需确认；确实查不到的，取消“可共享”。",
        )  # fmt: skip
    if material.source == APPLICANT and not material.issuer:
        yield found(
            "shareable-from-nobody", f"{place}.shareable", f"“{material.name}”是申请人自备，却标为可共享。",
            "请写明由哪个部门共享，或取消“可共享”。",
        )  # fmt: skip


def _form(material: MaterialRecord, place: str, context: LintContext) -> Iterator[Finding]:
    if material.has_template and material.source in (OFFICE, AGENCY):
        yield found(
            "template-of-an-issued-document", f"{place}.template",
            f"“{material.name}”由部门或机构出具，申请人没有表可填，却标为有空表样表。",
            "请取消“有空表样表”，或改正来源。",
        )  # fmt: skip
        return
    core = _BRACKET.sub("", material.name)
    if not material.has_template and material.source == APPLICANT and _FORM.search(core):
        yield found(
            "form-not-offered", f"{place}.template", f"“{material.name}”要申请人填写，没有提供空表。",
            "请提供空表和样表，并标为有空表样表。",
        )  # fmt: skip
    for name, word, rule in (("blank", "空表", "form-without-blank"), ("sample", "样表", "form-without-sample")):
        file = getattr(material, name)
        if material.has_template and not file:
            yield found(rule, f"{place}.{name}", f"“{material.name}”没有上传{word}。", f"请上传{word}文件。")
        elif file and context.files is not None and file not in context.files:
            yield found(
                "file-not-found", f"{place}.{name}", f"找不到“{material.name}”的{word}文件 {file}。", "请重新上传。"
            )


def _counts(material: MaterialRecord, place: str) -> Iterator[Finding]:
    wrong = ""
    if material.form.startswith("原件") and not material.originals and not material.view_original:
        wrong = "形式是原件，原件份数是 0"
    elif material.form.startswith("复印件") and not material.copies:
        wrong = "形式是复印件，复印件份数是 0"
    elif material.form == "复印件" and material.view_original:
        wrong = "形式只写复印件，又要核验原件"
    if wrong:
        yield found("copies-contradict-form", f"{place}.form", f"“{material.name}”的{wrong}。", "请改正形式或份数。")


def _repeated(record: MatterRecord) -> Iterator[Finding]:
    for index, material in enumerate(record.materials):
        for earlier in record.materials[:index]:
            if not material.name:
                continue
            if material.name == earlier.name:
                yield found(
                    "same-material-twice", f"materials[{index}].name", f"材料“{material.name}”写了两次。",
                    "请合并为一项，或写明不同之处。",
                )  # fmt: skip
                break
            if alike(material.name, earlier.name):
                yield found(
                    "material-asked-in-other-words", f"materials[{index}].name",
                    f"“{material.name}”和“{earlier.name}”像是同一份材料。",
                    "同一份材料不要收两次；不同的请写清各是谁的、哪一份。",
                )  # fmt: skip
                break
