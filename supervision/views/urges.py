"""催办: the form that urges, and the page where whoever was urged answers in a line."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.models import Application
from halls.acting import acting_user
from halls.domain.errors import Invalid, NotFound, Refused
from supervision.actions.answer_urge import answer_urge
from supervision.actions.urge import urge
from supervision.domain.urging import why_not_urge
from supervision.forms.orders import AnswerForm, UrgeForm
from supervision.permissions.orders import refusal
from supervision.selectors.reach import seat_of_case
from supervision.selectors.supervised import names_of, require_duty, supervised
from supervision.selectors.urges import visible_urges, was_urged
from supervision.views.parts import told


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_urge(request: HttpRequest, number: str) -> HttpResponse:
    """Urge whoever holds the case; a case that waits for nobody at work says so at once."""
    actor = acting_user(request.user)
    require_duty(actor)
    case = supervised(actor).select_related("matter").filter(number=number[:32].replace("\0", "")).first()
    if case is None:
        raise NotFound(_("没有找到这件办件，或者它不在您的监察范围内。"))
    if request.method != "POST" and (found := why_not_urge(case.status)):
        raise refusal(found)
    form, status = UrgeForm(request.POST or None), 422
    if request.method == "POST" and form.is_valid():
        try:
            row = urge(case.number or "", actor=actor, reason=form.cleaned_data["reason"])
        except (Invalid, Refused) as fault:
            status = told(form, fault)
        else:
            names = "、".join(one["name"] for one in row.whom)
            messages.success(request, _("已催办：%(names)s。") % {"names": names})
            return redirect(f"{reverse('case', args=[case.number])}?tab=record")
    path = seat_of_case(case).path
    context = {
        "page_title": _("催办"),
        "page_lead": _("提醒承办人、B角和首席代表尽快办理。一个单位一天催一次，一件一个工作日最多催三次。"),
        "breadcrumbs": [
            {"label": _("电子监察"), "url": reverse("supervision")},
            {"label": case.display_number, "url": reverse("case", args=[case.number])},
            {"label": _("催办")},
        ],
        "facts": [
            {"term": _("办件"), "text": case.display_number, "url": reverse("case", args=[case.number])},
            {"term": _("事项"), "text": case.matter.name},
            {"term": _("在谁手上"), "text": names_of({path}).get(path, "")},
        ],
        "form": form,
        "back_url": reverse("case", args=[case.number]),
    }
    return render(request, "supervision/orders/urge.html", context, status=status if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def urge_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One urge: who urged whom, why, and the answer; whoever was urged answers here."""
    actor = acting_user(request.user)
    row = visible_urges(actor).select_related("application__matter", "user", "answer__user").filter(pk=pk).first()
    if row is None:
        raise NotFound(_("没有找到这次催办，或者它不在您的范围内。"))
    form, status = AnswerForm(request.POST or None), 422
    if request.method == "POST" and form.is_valid():
        try:
            answer_urge(row.pk, actor=actor, words=form.cleaned_data["words"])
        except (Invalid, Refused) as fault:
            status = told(form, fault)
        else:
            messages.success(request, _("已答复，催办人会收到。"))
            return redirect("urge", pk=row.pk)
    case, answer = row.application, getattr(row, "answer", None)
    sees_case = Application.objects.visible_to(actor).filter(pk=case.pk).exists()
    facts = [
        {
            "term": _("办件"),
            "text": case.display_number,
            "url": reverse("case", args=[case.number]) if sees_case else "",
        },
        {"term": _("事项"), "text": case.matter.name},
        {"term": _("催办"), "text": f"{row.office_name} {row.user.full_name}"},
        {"term": _("时间"), "text": f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}"},
        {"term": _("催办对象"), "text": "、".join(one["name"] for one in row.whom)},
        {"term": _("理由"), "text": row.reason, "wide": True},
    ]
    if answer is not None:
        said = f"{answer.words}（{answer.user.full_name}，{timezone.localtime(answer.at):%Y-%m-%d %H:%M}）"
        facts.append({"term": _("答复"), "text": said, "wide": True})
    context = {
        "page_title": _("催办"),
        "breadcrumbs": [{"label": _("提醒"), "url": reverse("messages")}, {"label": _("催办")}],
        "facts": facts,
        "form": form if form.errors or (answer is None and was_urged(actor, row)) else None,
    }
    return render(request, "supervision/orders/urged.html", context, status=status if form.errors else 200)
