"""登记: a clerk or supervisor writes down what came by telephone, by letter, in person, or for a villager."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from halls.acting import acting_user
from halls.domain.errors import Invalid, NotPermitted
from halls.forms import explain
from supervision.actions.lodge_voice import RECORDING
from supervision.domain.voices import KIND_LABELS, Kind
from supervision.forms.voices import FORMS, ChannelForm, record_voice
from supervision.views.voices_public import filled_in, show_again
from supervision.voice_link import case_asked, ticket_of


@login_required
@require_http_methods(["GET", "POST"])
def voice_new(request: HttpRequest, kind: str) -> HttpResponse:
    """The same three forms with the way it came; after it the receipt to hand over."""
    actor = acting_user(request.user)
    if not any(actor.has(duty) for duty in RECORDING):
        raise NotPermitted(
            "no_recording", _("您现在的岗位不登记投诉和咨询。"), cure=_("请由窗口、代办员或监察员登记。")
        )
    chosen = Kind(kind)
    asked = {name: request.GET.get(name, "").replace("\0", "")[:64] for name in ("hall", "case", "township")}
    number, proof = case_asked(asked["case"])
    initial = {"hall": asked["hall"], "case_number": number, "case_proof": proof}
    form = filled_in(FORMS[chosen], request, initial, asked["township"] or actor.hall_code[:9])
    channel = ChannelForm(request.POST) if form.is_bound else ChannelForm(initial=request.POST.dict())
    if form.is_bound and form.is_valid() and channel.is_valid():
        try:
            voice = record_voice(form, channel, actor)
        except Invalid as refusal:
            explain(form, refusal)
        else:
            return redirect("voice_receipt", ticket=ticket_of(voice.number))
    here = reverse("voice_list")
    context = {
        "page_title": _("登记%(kind)s") % {"kind": KIND_LABELS[chosen]},
        "page_lead": _("照本人说的写。投诉自己单位的不能登记，请群众扫码自己提交。登记后把回执交给本人。"),
        "breadcrumbs": [{"label": _("投诉和咨询"), "url": here}, {"label": _("登记")}],
        "form": form,
        "channel": channel,
        "kinds": [
            {"label": label, "url": reverse(f"voice_new_{one.value}"), "current": one is chosen}
            for one, label in KIND_LABELS.items()
        ],
        "back_url": here,
    }
    status = show_again(form, request)
    return render(request, "supervision/voices/new.html", context, status=422 if channel.errors else status)
