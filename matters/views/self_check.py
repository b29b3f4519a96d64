"""情形引导和自查: a few questions, then what to bring, and whether it can be granted at all."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from halls.domain.errors import NotFound
from matters.domain.catalogue import MaterialRecord, MatterRecord
from matters.domain.circumstances import answers_in, narrow, questions_of
from matters.selectors.guide_text import copies_of
from matters.selectors.published import published_record


@require_safe
def self_check(request: HttpRequest, code: str) -> HttpResponse:
    """Questions as one form (GET, works without JavaScript), and below them what these answers leave."""
    record = published_record(code)
    if record is None:
        raise NotFound(_("没有编码为 %(code)s 的办事指南。") % {"code": code[:64]})
    questions = questions_of(record)
    answers = answers_in(request.GET.dict(), questions)
    result = narrow(record, answers)
    context = {
        "page_title": _("%(name)s：我要带什么") % {"name": record.name},
        "page_lead": _("回答几个问题，只列您用得上的材料。不登录、不留记录。"),
        "record": record,
        "questions": [
            {
                "name": f"q{number}",
                "text": question.text,
                "options": [
                    {"value": index, "text": option.text, "checked": answers.get(number) == index}
                    for index, option in enumerate(question.options)
                ],
            }
            for number, question in enumerate(questions)
        ],
        "is_answered": bool(answers),
        "answered": [
            {"text": questions[number].text, "answer": questions[number].options[option].text}
            for number, option in sorted(answers.items())
        ],
        "conditions": record.conditions,
        "needed": [_line(material, record) for material in result.needed],
        "undecided": [_line(material, record) for material in result.undecided],
        "spared": [material.name for material in result.spared],
        "refusals": result.refusals,
        "is_settled": result.is_settled,
        "guide_url": reverse("guide", args=[code]),
        "breadcrumbs": [
            {"label": _("办事指南"), "url": reverse("guide_list")},
            {"label": record.name, "url": reverse("guide", args=[code])},
            {"label": _("我要带什么")},
        ],
    }
    return render(request, "matters/self_check.html", context)


def _line(material: MaterialRecord, record: MatterRecord) -> dict[str, Any]:
    copies = copies_of(material.originals, material.copies, material.form, checks_original=material.view_original)
    return {
        "name": material.name,
        "copies": copies,
        "note": material.necessity_note or material.note,
        "is_sample": not material.necessity_note and record.is_sample("materials.note"),
    }
