"""One complaint or inquiry for those who handle it, and what an accused hall is asked to explain."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from halls.acting import SYSTEM_USERNAME, Actor, acting_user
from halls.domain.errors import Invalid, NotFound, Refused
from halls.selectors.work_calendar import read_moment
from halls.serving import served, stored
from supervision.actions.reveal_voice import reveal_voice
from supervision.domain.voices import (
    CHANNEL_LABELS,
    GROUND_LABELS,
    KEEPER_LABELS,
    KIND_LABELS,
    PAPERS,
    RESULT_LABELS,
    STATE_LABELS,
    TOLD_LABELS,
    VERB_LABELS,
    Channel,
    Keeper,
    Kind,
    State,
    VoiceVerb,
    require_step,
)
from supervision.forms.voice_verbs import VERB_FORMS, VoiceForm
from supervision.models import Voice, VoiceAct
from supervision.permissions.voices import handles, offered, require
from supervision.selectors.voices import (
    acts_of,
    photos_of,
    seat_words,
    sees_case_of,
    summaries,
    voice_asked_about,
    voice_read_whole,
)
from supervision.views.parts import told
from supervision.views.term_parts import shielded_term, term_context, voice_light
from supervision.views.text_parts import evidence
from supervision.views.voice_papers import paper_of
from supervision.views.voices_public import STATE_KINDS

RED = frozenset({VoiceVerb.REFUSE})
UNSEEN = "没有找到这一件，或者它不在您的办理范围内。"


def voice_of(actor: Actor, number: str) -> tuple[Voice, bool]:
    """The voice, and whether the actor reads it whole. Raises NotFound for what is neither seen nor released."""
    whole = voice_read_whole(actor, number)
    voice = whole or voice_asked_about(actor, number)
    if voice is None:
        raise NotFound(_(UNSEEN))
    return voice, whole is not None


@login_required
@require_safe
def voice_page(request: HttpRequest, number: str) -> HttpResponse:
    """One complaint or inquiry, with what the reader may see of it and do about it."""
    actor = acting_user(request.user)
    return render(request, "supervision/voices/voice.html", _page(actor, number))


def _page(actor: Actor, number: str) -> dict[str, Any]:
    voice, is_whole = voice_of(actor, number)
    moment, acts = read_moment(), acts_of(voice)
    shown = acts if is_whole else summaries(acts)
    state = State(voice.state)
    known = voice.display_number if is_whole else number
    return {
        "page_title": f"{KIND_LABELS[Kind(voice.kind)]} {known}",
        "status": STATE_LABELS[state],
        "status_kind": STATE_KINDS.get(state, "active"),
        "light": voice_light(voice, moment),
        "breadcrumbs": [
            {"label": _("投诉和咨询"), "url": reverse("voice_list")},
            {"label": known},
        ],
        "is_whole": is_whole,
        "number": number,
        "words": voice.words if is_whole else "",
        "evidence": voice.evidence if is_whole else "",
        "photos": [
            {"name": photo.name, "url": reverse("voice_photo", args=[voice.number, photo.pk])}
            for photo in photos_of(actor, voice)
        ],
        "facts": _facts(voice, is_case_seen=sees_case_of(actor, voice)) if is_whole else _shielded_facts(voice),
        "term": term_context(voice.term, moment) if is_whole else shielded_term(voice.term, moment),
        "verbs": [
            {
                "label": VERB_LABELS[verb],
                "kind": _weight(verb, place),
                "url": reverse("voice_verb", args=[number, verb]),
            }
            for place, verb in enumerate(offered(actor, voice))
        ],
        "timeline": [_entry(voice, act) for act in shown],
        "may_reveal": is_whole and handles(actor, voice) and not voice.is_anonymous,
    }


def _weight(verb: VoiceVerb, place: int) -> str:
    if verb in RED:
        return "danger"
    return "primary" if place == 0 else "quiet"


def _facts(voice: Voice, *, is_case_seen: bool) -> list[dict[str, Any]]:
    """Of a case that the reader does not see neither number nor matter."""
    person = _("没有留姓名和电话") if voice.is_anonymous else " ".join((voice.name_masked, voice.phone_masked)).strip()
    facts: list[dict[str, Any]] = [
        {"term": _("关于"), "text": voice.about_name},
        {"term": _("由谁办理"), "text": KEEPER_LABELS.get(Keeper(voice.keeper)) or seat_words(voice)},
        {"term": _("提出"), "text": f"{timezone.localtime(voice.lodged_at):%Y-%m-%d %H:%M}"},
        {"term": _("渠道"), "text": CHANNEL_LABELS[Channel(voice.channel)]},
        {"term": _("提出的人"), "text": person},
    ]
    if voice.accused_person:
        facts.append({"term": _("投诉谁"), "text": voice.accused_person})
    if voice.trips:
        facts.append({"term": _("跑了几次"), "text": str(voice.trips)})
    if voice.application and not is_case_seen:
        return facts
    if voice.application:
        url = reverse("case", args=[voice.application.number])
        facts.append({"term": _("办件"), "text": voice.application.display_number, "url": url})
    if voice.matter:
        facts.append({"term": _("事项"), "text": voice.matter.name, "url": reverse("guide", args=[voice.matter.code])})
    return facts


def _shielded_facts(voice: Voice) -> list[dict[str, Any]]:
    return [
        {"term": _("关于"), "text": voice.about_name},
        {"term": _("投诉人"), "text": _("不告知被投诉单位")},
    ]


_GROUNDS: dict[VoiceVerb, dict[str, str]] = {
    VoiceVerb.REFUSE: {one.value: label for one, label in GROUND_LABELS.items()},
    VoiceVerb.ANSWER: {one.value: label for one, label in RESULT_LABELS.items()},
    VoiceVerb.CLOSE: {one.value: label for one, label in TOLD_LABELS.items()},
}


def _entry(voice: Voice, act: VoiceAct) -> dict[str, Any]:
    """One line of the record."""
    verb = VoiceVerb(act.verb)
    ground = _GROUNDS[verb].get(act.ground, "") if verb in _GROUNDS else ""
    extra = {VoiceVerb.REFUSE: act.more, VoiceVerb.PUBLISH: act.more}.get(verb, "")
    told = evidence(getattr(act, "text", None), has_phone=bool(voice.phone_masked)) if verb in PAPERS else ""
    entry: dict[str, Any] = {
        "at": timezone.localtime(act.at),
        "who": act.actor_name or _("群众"),
        "post": act.actor_post,
        "what": VERB_LABELS[verb],
        "reason": "\n".join(filter(None, (ground, act.words, extra, told))),
        "is_system": act.person_code == SYSTEM_USERNAME,
    }
    if act.paper:
        entry |= {
            "document_url": reverse("voice_paper", args=[voice.number, act.pk]),
            "document_label": f"{PAPERS[verb][0]} {act.paper}",
        }
    return entry


@login_required
@require_http_methods(["GET", "POST"])
def voice_verb(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Show the act's form, or do it."""
    actor = acting_user(request.user)
    if verb not in set(VERB_FORMS):
        raise Http404
    act = VoiceVerb(verb)
    voice, is_whole = voice_of(actor, number)
    known = (number, voice.display_number if is_whole else number)
    made, acts = VERB_FORMS[act], acts_of(voice)
    require(actor, act, voice)  # before a form is made: its choices tell what is known of who complains
    if request.method == "GET":
        require_step(act, Kind(voice.kind), State(voice.state))
        return _show(request, made(voice=voice, acts=acts), act, voice, known)
    form, status = made(request.POST, voice=voice, acts=acts), 422
    if form.is_valid():
        try:
            form.call(actor)
        except (Invalid, Refused) as refusal:
            status = told(form, refusal)
        else:
            paper = _("。《%(paper)s》在记录里，可以打印。") % {"paper": PAPERS[act][0]} if act in PAPERS else ""
            done = _("已办：%(verb)s") % {"verb": VERB_LABELS[act]}
            if act is VoiceVerb.EXTEND and voice.phone_masked:
                paper += _("投诉人留了电话，请在记录里看短信发出没有；没有发出的，在原来的期限前电话告知。")
            messages.success(request, done + (paper if voice.kind != Kind.INQUIRY else ""))
            # What was handed up may be out of sight now.
            rows = Voice.objects.filter(pk=voice.pk)
            is_seen = rows.visible_to(actor).exists() or rows.released_to(actor).exists()
            return redirect("voice", number) if is_seen else redirect("voice_list")
    return _show(request, form, act, voice, known, status)


def _show(
    request: HttpRequest, form: VoiceForm, act: VoiceVerb, voice: Voice, known: tuple[str, str], status: int = 200
) -> HttpResponse:
    """`known`: the number by which whoever reads it knows it, for addresses and for people."""
    number, shown = known
    context = {
        "page_title": VERB_LABELS[act],
        "page_lead": form.lead,
        "form": form,
        "display_number": shown,
        "about": voice.about_name,
        "button_label": VERB_LABELS[act],
        "is_destructive": act in RED,
        "back_url": reverse("voice", args=[number]),
        "breadcrumbs": [
            {"label": _("投诉和咨询"), "url": reverse("voice_list")},
            {"label": shown, "url": reverse("voice", args=[number])},
            {"label": VERB_LABELS[act]},
        ],
    }
    return render(request, "supervision/voices/verb.html", context, status=status)


@login_required
@require_POST
def voice_reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Show name and telephone once, with the reason on record."""
    actor = acting_user(request.user)
    voice, _is_whole = voice_of(actor, number)
    contact = reveal_voice(voice.number, actor=actor, reason=request.POST.get("reason", ""))
    messages.info(request, _("已记录您查看了联系方式。"))
    response = render(request, "supervision/voices/voice.html", _page(actor, number) | {"contact": contact})
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def voice_paper(request: HttpRequest, number: str, act_id: int) -> HttpResponse:
    """One paper to print, for those who read the voice whole; without the QR that opens the complainant's page.

    POST prints the letter itself: with the full name, for whoever handles it alone, on record.
    """
    actor = acting_user(request.user)
    voice, is_whole = voice_of(actor, number)
    act = VoiceAct.objects.filter(voice=voice, pk=act_id).exclude(paper="").first()
    if act is None or not is_whole:
        raise NotFound(_(UNSEEN))
    may_name, name = handles(actor, voice) and bool(voice.name_masked), ""
    if request.method == "POST":
        why = _("打印《%(paper)s》%(number)s，寄送或者当面交给本人")
        words = why % {"paper": PAPERS[VoiceVerb(act.verb)][0], "number": act.paper}
        name = reveal_voice(voice.number, actor=actor, reason=words).name
    context = {
        "paper": paper_of(voice, act, "", name=name),
        "back_url": reverse("voice", args=[number]),
        "may_name": may_name and not name,
        "is_named": bool(name),
    }
    response = render(request, "supervision/voices/paper.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_safe
def voice_photo(request: HttpRequest, number: str, photo_id: int) -> HttpResponse:
    """A photo that came with the complaint, for those who read its words."""
    actor = acting_user(request.user)
    voice, _is_whole = voice_of(actor, number)
    photo = photos_of(actor, voice).filter(pk=photo_id).first()
    if photo is None:
        raise NotFound(_(UNSEEN))
    return served(stored(photo.sha256), photo.media_type, photo.name)
