"""The receipt: what a villager takes home. It exists only for a case that the server has."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from applications.domain.lifecycle import ENDED, STATUS_LABELS, UNDECIDED, Status
from applications.domain.numbers import grouped
from applications.models import Application, ApplicationMaterial, Document
from applications.progress_link import progress_qr
from applications.sealing import query_code
from applications.selectors import intake as read
from applications.selectors.progress import progress_of
from applications.selectors.promises import CasePromise, promise_of
from applications.selectors.standing import may_hand_out_code
from applications.views.intake_pages import promise_words
from applications.views.lookup import case_of
from halls.acting import acting_user
from halls.domain.errors import NotFound, NotPermitted
from halls.selectors.work_calendar import read_moment
from matters.models import MatterVersion

Declared = ApplicationMaterial.Declared
BEFORE_ACCEPTANCE = (Status.SUBMITTED, Status.RECEIVED)


def _own_case(request: HttpRequest, number: str) -> Application:
    """The case, for those who deal with the applicant. Raises NotFound, NotPermitted."""
    actor = acting_user(request.user)
    case = case_of(actor, number)
    if not may_hand_out_code(actor, case):
        raise NotPermitted("no_duty_here", _("回执由收件和受理的人员打印。"), cure=_("请联系收件的便民服务点。"))
    return case


@login_required
@require_GET
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt on the screen; also for printing it again from the case page."""
    case = _own_case(request, number)
    lines = read.checklist(case)
    acceptor = read.acceptor_of(case)
    promise = promise_of(case)
    is_new = case.status == Status.SUBMITTED
    context = {
        "page_title": _("回执"),
        "case": case,
        "title": _("已提交，等窗口收件") if is_new else _("提交回执"),
        "status": STATUS_LABELS[Status(case.status)][0],
        "number": case.display_number,
        "code": grouped(query_code(case.number or "")),
        "promised": promise_words(case.guide, promise) if case.status in UNDECIDED else "",
        "qr_svg": progress_qr(request, case.number or ""),
        "next_steps": next_steps(case, acceptor, promise),
        "next_label": _("办到哪一步了") if case.status in ENDED else "",
        "to_bring": to_bring(lines) if case.status in (*BEFORE_ACCEPTANCE, Status.CORRECTING) else [],
        "acceptor": acceptor,
        "print_url": reverse("receipt_print", args=[case.number]),
        "case_url": reverse("case", args=[case.number]),
    }
    return render(request, "applications/intake/receipt.html", context)


@login_required
@require_GET
def print_receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt on A4, or with ?slip=1 on the 80 mm roll."""
    case = _own_case(request, number)
    document = case.documents.filter(kind="submission").order_by("pk").first()
    if document is None:
        raise NotFound
    slip = request.GET.get("slip") == "1"
    paper = paper_of(case, document, read.acceptor_of(case), read.checklist(case))
    paper["qr_svg"] = progress_qr(request, case.number or "")
    if slip:
        paper["number"] = ""  # the villager knows the case by its own number
    back_url = reverse("receipt", args=[case.number])
    context = {"paper": paper, "slip": slip, "back_url": back_url, "case_number": case.number}
    return render(request, "applications/receipt_paper.html", context)


def next_steps(case: Application, acceptor: read.Place, promise: CasePromise, *, is_paper: bool = False) -> list[str]:
    """What happens now, who does it and by when; the paper has the promise in a line of its own.

    A receipt that is printed again speaks of the case as it stands: what has happened is not still to come.
    """
    if case.status not in BEFORE_ACCEPTANCE:
        return _as_it_stands(case, promise, is_paper=is_paper)
    if acceptor.path == case.path:
        first = _("%(hall)s直接办理，不用再跑别处。") % {"hall": acceptor.name}
    elif case.status == Status.SUBMITTED and case.late_at:
        first = _("%(hall)s最晚 %(until)s看完材料。") % {"hall": acceptor.name, "until": day_words(case)}
    else:
        first = _("%(hall)s核验材料，决定是否受理。") % {"hall": acceptor.name}
    return [
        first,
        _("材料齐全就受理，发《受理通知书》；缺什么，一次性全部告诉您。这张回执不是受理通知。"),
        *([] if is_paper else [promise_words(case.guide, promise) + special_words(case.guide) + "。"]),
        _come_for(case),
    ]


def _as_it_stands(case: Application, promise: CasePromise, *, is_paper: bool) -> list[str]:
    """The sentence that the villager reads when asking for the progress, and what is still ahead."""
    found = progress_of(case.number or "")
    assert found is not None  # it has a number
    steps = [found.words]
    if case.status in UNDECIDED:
        if not is_paper and case.accepted_at:
            steps.append(promise_words(case.guide, promise) + special_words(case.guide) + "。")
        steps.append(_come_for(case))
    return steps


def _come_for(case: Application) -> str:
    result = _("《%(name)s》") % {"name": case.guide.result_name} if case.guide.result_name else _("结果")
    return _("%(result)s出来后，%(hall)s通知您来取，请带身份证原件。") % {"result": result, "hall": case.hall.name}


def day_words(case: Application) -> str:
    """11月24日（周二）, the last day on which the window must have looked."""
    assert case.late_at is not None
    day = timezone.localtime(case.late_at)
    return f"{day.month}月{day.day}日（周{'一二三四五六日'[day.weekday()]}，含当日）"


def special_words(guide: MatterVersion) -> str:
    """Steps that are not counted in the promise, so that nobody is surprised."""
    names = [step.name for step in guide.steps.order_by("seq") if not step.counts_in_limit]
    return _("（%(names)s的时间不算在内）") % {"names": "、".join(names)} if names else ""


def to_bring(lines: list[ApplicationMaterial]) -> list[str]:
    """What is still to be brought: papers that were to follow, originals to be compared."""
    later = [line for line in lines if line.declared == Declared.LATER]
    originals = _originals(lines)
    asked = []
    if later:
        asked.append(_("请尽快补交%(names)s。") % {"names": read.names(later)})
    if originals:
        asked.append(_("窗口可能要看%(names)s的原件，请收好备查。") % {"names": read.names(originals)})
    return asked


def _originals(lines: list[ApplicationMaterial]) -> list[ApplicationMaterial]:
    return [line for line in lines if line.material.view_original and line.declared == Declared.HAVE]


def _by_state(said: dict[str, Any]) -> dict[str, list[str]]:
    """Sort the papers by what was said about them: 已带来, 稍后补, 本次不需要."""
    found: dict[str, list[str]] = {}
    for material in said.get("materials", []):
        found.setdefault(material["declared"], []).append(material["name"])
    return found


def paper_of(
    case: Application, document: Document, acceptor: read.Place, lines: list[ApplicationMaterial]
) -> dict[str, Any]:
    """The receipt as a paper, on one page: what was recorded when it was issued, and what happens next."""
    said, promise = document.content, promise_of(case)
    when = f"{timezone.localtime(document.issued_at):%Y年%-m月%-d日 %H:%M}"
    is_later, is_over = case.status not in BEFORE_ACCEPTANCE, case.status in ENDED
    today = f"{timezone.localtime(read_moment().at):%Y年%-m月%-d日}"
    clerk = f"{said.get('clerk', '')}（{said.get('clerk_post', '')}）"
    facts = [
        (_("办件编号"), case.display_number),
        (_("查询码"), grouped(query_code(case.number or ""))),
        (_("事项"), said.get("matter", "")),
        (_("申请人"), f"{said.get('applicant', '')}　{said.get('id_masked', '')}"),
        (_("提交"), f"{when}　{clerk}"),
        (
            _("承诺时限"),
            promise_words(case.guide, promise) + (_("（特别程序的时间不算在内）") if special_words(case.guide) else ""),
        ),
        *(
            (state, "、".join(names))
            for state, names in _by_state(said).items()
            if not (is_over and state == str(Declared.LATER.label))
        ),
        *([(_("补打于"), _("%(day)s，以下为补打时的情况") % {"day": today})] if is_later else []),
        (
            _("接下来") if case.status not in ENDED else _("办理情况"),
            "\n".join(next_steps(case, acceptor, promise, is_paper=True)),
        ),
        (_("原件备查"), "、".join(line.material.name for line in _originals(lines)) or _("没有")),
        (_("有事问"), " ".join(filter(None, [acceptor.name, acceptor.phone, _("或政务服务热线 12345")]))),
    ]
    return {
        "organ": said.get("hall", ""),
        "title": _("提交回执"),
        "number": document.number,
        "facts": [{"term": term, "text": text} for term, text in facts],
        "sign_organ": said.get("hall", ""),
        "sign_date": timezone.localtime(document.issued_at),
        "no_seal": not settings.DEMO,
        "qr_note": _("扫码查进度"),
        "compact": True,
        "sample": _("示例数据") if settings.DEMO else "",
    }
