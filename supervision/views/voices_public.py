"""Pages for villagers: complain, ask, say that it took more than one trip, and see what became of it. No login."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from applications.domain.numbers import grouped
from applications.sealing import query_code
from applications.selectors.statement_words import WEEKDAYS
from halls.domain.errors import Invalid, NotFound
from halls.forms import explain
from halls.selectors.work_calendar import read_moment
from supervision.actions.follow_voice import follow_voice
from supervision.domain.voices import (
    GROUND_LABELS,
    KIND_LABELS,
    OPEN,
    PAPERS,
    RESULT_LABELS,
    STATE_LABELS,
    Ground,
    Kind,
    Result,
    State,
    VoiceVerb,
)
from supervision.forms.voices import FIND, FORMS, NEAR, FollowForm, LodgingForm
from supervision.models import Voice, VoiceAct
from supervision.selectors.told_above import has_level_above, is_told_above
from supervision.selectors.voices import acts_of, seat_words
from supervision.views.term_parts import voice_light
from supervision.views.voice_papers import paper_of, receipt_of
from supervision.voice_link import case_asked, follow_path, qr_of, ticket_of

PAGES: dict[Kind, tuple[str, Any, Any]] = {
    Kind.COMPLAINT: (
        "voice_complain",
        gettext_lazy("投诉"),
        gettext_lazy(
            "由被投诉单位的上一级办理，没有上一级的由县监察员办理，3 个工作日内答复。"
            "您的姓名、电话和原话不转给被投诉的单位；要它说明情况时只转摘要，事情本身有可能让对方猜到是您。"
        ),
    ),
    Kind.INQUIRY: ("voice_ask", gettext_lazy("咨询"), gettext_lazy("由窗口或部门在 5 个工作日内答复。")),
    Kind.REPEAT: (
        "voice_repeat",
        gettext_lazy("跑了不止一次"),
        gettext_lazy("一件事让您跑了两次以上的，告诉我们为什么；3 个工作日内答复。"),
    ),
}
SENTENCES = {
    State.LODGED: gettext_lazy("已经收到，%(seat)s正在看，决定受不受理。"),
    State.ACCEPTED: gettext_lazy("已经受理，%(seat)s正在核实。"),
    State.HANDLING: gettext_lazy("%(seat)s正在调查处理。"),
    State.ANSWERED: gettext_lazy("已经办结，结果在下面。"),
    State.CLOSED: gettext_lazy("已经办结，结果在下面。"),
    State.REFUSED: gettext_lazy("没有受理，理由和可以走的途径在下面。"),
}
ASKED = {
    State.LODGED: gettext_lazy("已经送到%(seat)s，等待答复。"),
    State.ANSWERED: gettext_lazy("已经答复，答复在下面。"),
}
STATE_KINDS = {State.ANSWERED: "good", State.CLOSED: "good", State.REFUSED: "ended"}


@require_safe
def hub(request: HttpRequest) -> HttpResponse:
    """Four ways, with the hall or case of the QR carried on."""
    query = request.GET.urlencode()
    kept = f"?{query}" if query else ""
    context = {
        "page_title": _("咨询投诉"),
        "ways": [{"label": label, "lead": lead, "url": reverse(name) + kept} for name, label, lead in PAGES.values()],
        "follow_url": reverse("voice_follow"),
    }
    return render(request, "supervision/voices/hub.html", context)


@require_http_methods(["GET", "POST"])
def speak(request: HttpRequest, kind: Kind) -> HttpResponse:
    """One form; ?hall=, ?case= and ?matter= fill it in, ?township= lists the villages of a township, and so does the
    button beside the townships, which keeps what was typed.
    """
    asked = {name: request.GET.get(name, "").replace("\0", "")[:64] for name in ("hall", "case", "matter", "township")}
    number, proof = case_asked(asked["case"])
    initial = {"hall": asked["hall"], "case_number": number, "case_proof": proof, "matter": asked["matter"]}
    form = filled_in(FORMS[kind], request, initial, asked["township"])
    if form.is_bound and form.is_valid():
        try:
            voice = form.lodge(client_of(request), request.headers.get("User-Agent", "")[:300])
        except Invalid as refusal:
            explain(form, refusal)
        else:
            return redirect("voice_receipt", ticket=ticket_of(voice.number))
    _name, label, lead = PAGES[kind]
    context = {"page_title": label, "lead": lead, "form": form, "button": _("提交")}
    return render(request, "supervision/voices/speak.html", context, status=show_again(form, request))


def filled_in(
    made: type[LodgingForm], request: HttpRequest, initial: dict[str, str], township: str = ""
) -> LodgingForm:
    """The form as it was sent; not yet to be judged where somebody only asked for villages or for matters."""
    if request.method != "POST":
        return made(initial=initial, township=township)
    if NEAR in request.POST or FIND in request.POST:
        return made(initial=initial | request.POST.dict(), township=township)
    return made(request.POST, request.FILES, initial=initial, township=township)


def show_again(form: LodgingForm, request: HttpRequest) -> int:
    """The status of a page that comes back, once it says what the browser does not keep."""
    if request.FILES:
        form.ask_for_photos_again()
    return 422 if form.errors else 200


@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Number and code. An unknown number and a wrong code get the same answer."""
    form = FollowForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            found = follow_voice(form.cleaned_data["number"], form.cleaned_data["code"], client=client_of(request))
        except (Invalid, NotFound) as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, f"{refusal.message}{refusal.cure}")
        else:
            return redirect(follow_path(found.number))
    context = {"page_title": _("查处理结果"), "form": form}
    return render(request, "supervision/voices/follow_form.html", context, status=422 if form.errors else 200)


@require_safe
def by_token(request: HttpRequest, ticket: str) -> HttpResponse:
    """How far it is, in plain words, for whoever holds the receipt: no name, and not what was said."""
    voice, moment = _held(request, ticket), read_moment()
    acts, state = acts_of(voice), State(voice.state)
    seat = seat_words(voice)
    sentences = ASKED if voice.kind == Kind.INQUIRY else SENTENCES
    is_open = state in OPEN
    is_over = is_open and voice.term.due_at < moment.at
    light = voice_light(voice, moment)
    context = {
        "page_title": _("处理到哪一步了"),
        "kind": KIND_LABELS[Kind(voice.kind)],
        "about": voice.about_name,
        "number": voice.display_number,
        "words": str(sentences[state]) % {"seat": seat},
        "status": STATE_LABELS[state],
        "status_kind": STATE_KINDS.get(state, "active"),
        "light": light if is_open else None,
        "due": timezone.localtime(voice.term.due_at) if is_open else None,
        "provisional": voice.term.is_provisional,
        "is_over": is_over,
        "is_told_above": is_over and is_told_above(voice),
        "told": [one for one in (_told(act) for act in acts) if one],
        "papers": [
            {"title": PAPERS[VoiceVerb(act.verb)][0], "number": act.paper, "at": timezone.localtime(act.at),
             "url": reverse("voice_paper_by_token", args=[ticket, act.pk])}
            for act in acts
            if act.paper
        ],
        "receipt_url": reverse("voice_receipt", args=[ticket]),
    }  # fmt: skip
    return _unlisted(render(request, "supervision/voices/follow.html", context))


def _told(act: VoiceAct) -> dict[str, Any] | None:
    """What the one who spoke is told of an act; most acts are the office's own."""
    at = timezone.localtime(act.at)
    verb = VoiceVerb(act.verb)
    if verb is VoiceVerb.EXTEND:
        words = _("办理时间延长 %(days)s 个工作日。理由：%(reason)s") % {"days": act.ground, "reason": act.words}
        return {"at": at, "what": _("延期"), "words": words}
    if verb is VoiceVerb.REFUSE:
        way = _("可以找：%(way)s") % {"way": act.more} if act.more else ""
        lines = [str(GROUND_LABELS[Ground(act.ground)]), _("理由：%(reason)s") % {"reason": act.words}, way]
        return {"at": at, "what": _("不予受理"), "words": "\n".join(filter(None, lines))}
    if verb is VoiceVerb.ANSWER:
        found = _("所反映的情况%(result)s。") % {"result": RESULT_LABELS[Result(act.ground)]} if act.ground else ""
        return {"at": at, "what": _("答复（%(place)s）") % {"place": act.place}, "words": f"{found}{act.words}"}
    if verb is VoiceVerb.HAND_UP:
        return {"at": at, "what": _("转上一级办理"), "words": _("期限照算，不重新开始。")}
    return None


@require_safe
def receipt(request: HttpRequest, ticket: str) -> HttpResponse:
    """Number, code and QR, on the screen; ?print=1 on A4, ?slip=1 on the 80 mm printer."""
    voice = _held(request, ticket)
    qr = qr_of(request, follow_path(voice.number), _("查处理结果的二维码"))
    slip = request.GET.get("slip") == "1"
    here = reverse("voice_receipt", args=[ticket])
    promised = due_words(voice)
    if slip or request.GET.get("print") == "1":
        paper = receipt_of(voice, qr, promised, slip=slip)
        return _unlisted(render(request, "base_print.html", {"paper": paper, "slip": slip, "back_url": here}))
    seat, photos = seat_words(voice), voice.photos.count()
    context = {
        "page_title": _("已收到"),
        "title": _("已收到您的%(kind)s") % {"kind": KIND_LABELS[Kind(voice.kind)]},
        "number": voice.display_number,
        "code": grouped(query_code(voice.number)),
        "promised": promised,
        "qr_svg": qr,
        "next_steps": [
            *([_("收到照片 %(n)d 张，和原文一样只给办理的人看。") % {"n": photos}] if photos else []),
            _("由%(seat)s办理。") % {"seat": seat},
            _("请记下编号和查询码，或者打印、截图：没有留电话的，只能凭它们看结果。"),
            _("到期没有答复的，系统会向上一级报警；您也可以打 12345。")
            if has_level_above(voice)
            else _("到期没有答复的，您可以打 12345。"),
        ],
        "print_url": f"{here}?print=1",
        "slip_url": f"{here}?slip=1",
        "follow_url": follow_path(voice.number),
    }
    return _unlisted(render(request, "supervision/voices/receipt.html", context))


def due_words(voice: Voice) -> str:
    """最晚 2026年3月5日（周四）答复, with the mark of a date that is not settled."""
    due = timezone.localtime(voice.term.due_at)
    words = _("最晚 %(day)s（周%(weekday)s）答复") % {
        "day": f"{due.year}年{due.month}月{due.day}日",
        "weekday": WEEKDAYS[due.weekday()],
    }
    return words + (_("（暂算）") if voice.term.is_provisional else "")


@require_safe
def paper_by_token(request: HttpRequest, ticket: str, act_id: int) -> HttpResponse:
    """One paper, for whoever holds the receipt."""
    voice = _held(request, ticket)
    act = VoiceAct.objects.filter(voice=voice, pk=act_id).exclude(paper="").first()
    if act is None:
        raise Http404
    qr = qr_of(request, follow_path(voice.number), _("查处理结果的二维码"))
    context = {"paper": paper_of(voice, act, qr), "back_url": reverse("voice_by_token", args=[ticket])}
    return _unlisted(render(request, "base_print.html", context))


def _held(request: HttpRequest, ticket: str) -> Voice:
    number, _dot, token = ticket.partition(".")
    return follow_voice(number, token, client=client_of(request))


def client_of(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
