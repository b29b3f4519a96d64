"""The values that the intake pages print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.domain.identity import IdKind
from applications.forms.intake import Declared, DetailsForm, choices_of
from applications.models import Application, ApplicationMaterial, MaterialFile
from applications.selectors.intake import Tally
from applications.selectors.promises import CasePromise
from halls.files import safe_name
from matters.models import Material, MatterVersion
from matters.selectors.guide_text import copies
from matters.selectors.timeout import is_renewal_guide

MOST_DRAFTS = 50
# The pages behind the matter, in their order.
STEPS = {
    "intake_applicant": gettext_lazy("给谁办"),
    "intake_details": gettext_lazy("补充说明"),
    "intake_materials": gettext_lazy("材料"),
    "intake_check": gettext_lazy("核对"),
}
# Short enough for three tabs on a phone.
ID_KINDS = {
    IdKind.RESIDENT: gettext_lazy("身份证"),
    IdKind.USCC: gettext_lazy("单位代码"),
    IdKind.OTHER: gettext_lazy("其他证件"),
}


def frame(case: Application, step: str) -> dict[str, Any]:
    """What stands above every page of a draft: for whom, for what, which step."""
    context: dict[str, Any] = {
        "case": case,
        "proxy_name": case.applicant.masked_name if case.applicant and not case.number else "",
        "breadcrumbs": [
            {"label": _("新办"), "url": reverse("intake")},
            {"label": case.guide.name, "url": reverse("intake_tasks", args=[case.key]) if step else ""},
        ],
    }
    if step:
        context["breadcrumbs"].append({"label": STEPS[step]})
        names = list(STEPS)
        here = names.index(step)
        context["steps"] = [{"label": _("办什么事"), "state": "done"}] + [
            {
                "label": STEPS[name],
                "url": reverse(name, args=[case.key]),
                "state": "current" if place == here else ("done" if place < here else "todo"),
            }
            for place, name in enumerate(names)
        ]
        context |= {"step_number": here + 2, "step_total": len(names) + 1}
    return context


# --- drafts ----------------------------------------------------------------------------------------------------------


def draft_row(case: Application, now: datetime) -> dict[str, Any]:
    """A line of the list of what was not sent; `lines` and `unanswered` were counted by the selector."""
    lines, unanswered = case.lines, case.unanswered  # type: ignore[attr-defined]
    if case.applicant is None:
        lacks = _("还没填申请人")
    elif unanswered:
        lacks = _("材料还有 %(n)d 份没选") % {"n": unanswered}
    else:
        lacks = _("只差核对提交")
    return {
        "url": reverse("intake_tasks", args=[case.key]),
        "matter": case.matter.name,
        "who": case.applicant.masked_name if case.applicant else "",
        "hall": case.hall.short_name,
        "lacks": lacks,
        "lines": lines,
        "age": age_words(case.created_at, now),
        "is_old": (now - case.created_at).days >= 3,
    }


def age_words(begun: datetime, now: datetime) -> str:
    """今天 09:12, 昨天 16:40, 3 天前."""
    begun, now = timezone.localtime(begun), timezone.localtime(now)
    days = (now.date() - begun.date()).days
    if days <= 0:
        return f"今天 {begun:%H:%M}"
    return f"昨天 {begun:%H:%M}" if days == 1 else f"{days} 天前"


# --- the task list ---------------------------------------------------------------------------------------------------


def task_rows(case: Application, tally: Tally) -> list[dict[str, Any]]:
    """The parts with their states 未开始, 已填, 缺材料."""
    who = case.applicant
    answers = [case.form[key] for key in DetailsForm.KEYS.values() if case.form.get(key)]
    asks_end = is_renewal_guide(case.guide)
    lacks_end = asks_end and case.permit_expires_on is None
    is_locked = who is None or lacks_end or bool(tally.unanswered)
    return [
        {"label": _("办什么事"), "hint": case.guide.name, "state": "done", "state_words": _("已选")},
        {
            "label": STEPS["intake_applicant"],
            "url": reverse("intake_applicant", args=[case.key]),
            "hint": f"{who.masked_name} {who.id_masked}" if who else "",
            "state": "done" if who else "todo",
            "state_words": _("已填") if who else _("未开始"),
        },
        {
            "label": STEPS["intake_details"],
            "url": reverse("intake_details", args=[case.key]),
            "hint": _("原许可的有效期必填") if asks_end else _("选填"),
            "state": "done" if (answers or asks_end) and not lacks_end else "todo",
            "state_words": _("未开始") if lacks_end else _("已填") if answers or asks_end else _("可以不填"),
        },
        {"label": STEPS["intake_materials"], "url": reverse("intake_materials", args=[case.key])} | _materials(tally),
        {
            "label": _("核对并提交"),
            "url": reverse("intake_check", args=[case.key]),
            "state": "locked" if is_locked else "todo",
            "state_words": _("填完上面才能交") if is_locked else _("可以提交"),
        },
    ]


def _materials(tally: Tally) -> dict[str, Any]:
    hint = _("共 %(n)d 份") % {"n": len(tally.lines)}
    if not tally.lines:
        return {"hint": _("这个事项不要材料"), "state": "done", "state_words": _("已填")}
    if not tally.is_begun:
        return {"hint": hint, "state": "todo", "state_words": _("未开始")}
    if tally.unanswered:
        return {"hint": hint, "state": "doing", "state_words": _("还有 %(n)d 份没选") % {"n": len(tally.unanswered)}}
    if tally.lacking:
        return {"hint": hint, "state": "missing", "state_words": _("缺 %(n)d 份") % {"n": len(tally.lacking)}}
    return {"hint": hint, "state": "done", "state_words": _("已填")}


def next_url(case: Application, tally: Tally) -> str:
    """The first question that has no answer yet."""
    if case.applicant is None:
        return reverse("intake_applicant", args=[case.key])
    if tally.unanswered:
        return reverse("intake_materials", args=[case.key])
    return reverse("intake_check", args=[case.key])


# --- materials -------------------------------------------------------------------------------------------------------

STATES = {
    Declared.LATER: (gettext_lazy("待补"), "waiting"),
    Declared.NOT_NEEDED: (gettext_lazy("本次不需要"), "ended"),
}


def material_row(line: ApplicationMaterial, errors: Sequence[str]) -> dict[str, Any]:
    """One paper: what it is, why, what was said about it, what was uploaded."""
    material, files = line.material, [file_row(kept) for kept in line.files.all()]
    if files:
        state, kind = _("已传 %(n)d 个文件") % {"n": len(files)}, "good"
    elif line.declared == Declared.HAVE:
        state, kind = _("带来了纸质的"), "good"
    else:
        words, kind = STATES.get(Declared(line.declared), ("", ""))
        state = str(words)
    return {
        "seq": line.seq,
        "name": material.name,
        "necessity": material.get_necessity_display(),
        "why": why(material),
        "form_words": copies(material),
        "has_template": material.has_template,
        "state": state,
        "state_kind": kind,
        "choices": [
            {"value": choice.value, "label": choice.label, "checked": line.declared == choice.value}
            for choice in choices_of(line)
        ],
        "files": files,
        "errors": errors,
    }


def why(material: Material) -> str:
    """When the paper is wanted and who gives it out."""
    parts = [material.necessity_note, material.note]
    if material.issuer:
        parts.append(_("由%(issuer)s出具") % {"issuer": material.issuer})
    if material.is_shareable and not material.note:  # a guide that spares it says so in its own words
        parts.append(_("窗口能联网查到的，可以不带"))
    return "；".join(part for part in parts if part)


def file_row(kept: MaterialFile) -> dict[str, Any]:
    is_image = kept.media_type.startswith("image/")
    return {
        "id": str(kept.pk),
        "url": reverse("material_file", args=[kept.pk]),
        "thumb_url": reverse("material_thumb", args=[kept.pk]) if is_image else "",
        "remove_url": reverse("material_file_remove", args=[kept.pk]),
        "label": kept.name,
        "size": f"{kept.size / 1048576:.1f} MB" if kept.size >= 1048576 else f"{max(kept.size // 1024, 1)} KB",
    }


def material_errors(lines: Sequence[ApplicationMaterial], errors: Mapping[int, Sequence[str]]) -> list[dict[str, str]]:
    """The summary on top: every refused file, with the way to its line."""
    return [
        {"text": f"{line.material.name}：{error}", "url": f"#material-{line.seq}"}
        for line in lines
        for error in errors.get(line.seq, ())
    ]


def short_name(name: str) -> str:
    """A file's name as it may be printed back: no path, no marks that turn the line round."""
    shown = safe_name(name, "application/pdf").removesuffix(".pdf")
    return shown if len(shown) <= 24 else f"{shown[:20]}…"


# --- check answers ---------------------------------------------------------------------------------------------------


def answers(case: Application, tally: Tally) -> list[dict[str, Any]]:
    """Everything that was said, in sections, each line with the page where it is changed."""
    applicant_url, details_url = (
        reverse("intake_applicant", args=[case.key]),
        reverse("intake_details", args=[case.key]),
    )
    who = case.applicant
    said: list[dict[str, Any]] = [
        {"label": key, "value": case.form.get(key) or _("没有填"), "change_url": details_url}
        for key in DetailsForm.KEYS.values()
    ]
    if is_renewal_guide(case.guide):
        end = case.permit_expires_on
        value = f"{end:%Y-%m-%d}" if end else _("还没有填")
        row = {"label": _("原许可有效期至"), "value": value, "missing": end is None, "change_url": details_url}
        said.insert(0, row)
    matter = {"label": _("事项"), "value": case.guide.name, "change_url": f"{reverse('intake')}?instead={case.key}"}
    return [
        {"title": _("办什么事"), "rows": [matter, *said]},
        {
            "title": _("给谁办"),
            "rows": [
                {"label": _("姓名或名称"), "value": who.name, "change_url": applicant_url},
                {
                    "label": who.get_id_kind_display(),
                    "value": who.id_masked,
                    "note": _("校验位已核对，只显示头尾。"),
                    "change_url": applicant_url,
                },
                {"label": _("联系电话"), "value": who.phone_masked or _("没有留"), "change_url": applicant_url},
                {"label": _("住址"), "value": who.address or _("没有填"), "change_url": applicant_url},
            ]
            if who
            else [{"label": _("申请人"), "value": _("还没有填"), "missing": True, "change_url": applicant_url}],
        },
        {"title": _("材料"), "rows": [_paper(case, line) for line in tally.lines]},
    ]


def _paper(case: Application, line: ApplicationMaterial) -> dict[str, Any]:
    count = len(line.files.all())
    value = line.get_declared_display() if line.declared != Declared.UNKNOWN else _("还没有选")
    if count:
        value = _("%(declared)s，%(n)d 个文件") % {"declared": value, "n": count}
    lacking = line.declared == Declared.LATER and line.material.necessity == Material.Necessity.REQUIRED
    return {
        "label": line.material.name,
        "value": value,
        "missing": lacking or line.declared == Declared.UNKNOWN,
        "change_url": f"{reverse('intake_materials', args=[case.key])}#material-{line.seq}",
    }


def promise_words(guide: MatterVersion, promise: CasePromise) -> str:
    """承诺 10 个工作日办结，从受理的第二天起算; whose promise it is, where the hall that accepts made its own."""
    if guide.is_immediate or not promise.days:
        return _("材料齐全的，当场办结")
    words = _("承诺 %(n)d 个工作日办结，从受理的第二天起算") % {"n": promise.days}
    return f"{words}（{whose}）" if (whose := promise.whose()) else words
