"""Who may do what about a complaint or an inquiry; asked by acts and by the pages that offer them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import NotFound, NotPermitted
from supervision.domain.voices import Kind, State, VoiceVerb, root_of, step_for
from supervision.models import Voice
from supervision.querysets import ANSWERING


def handles(actor: Actor, voice: Voice) -> bool:
    """Whether it is the actor's to handle: never one's own, never that of one's own hall."""
    if actor.is_system:
        return False
    if voice.kind == Kind.INQUIRY:
        return any(actor.holds(duty, voice.seat_path) for duty in ANSWERING)
    return Voice.objects.filter(pk=voice.pk).visible_to(actor).exists()


def explains(actor: Actor, voice: Voice) -> bool:
    """Whether the actor speaks for the hall that the complaint is about, once its handler asked it."""
    is_asked = voice.kind != Kind.INQUIRY and voice.is_released and voice.about_path in actor.case_prefixes
    return is_asked and not handles(actor, voice)


def may(actor: Actor, verb: VoiceVerb, voice: Voice) -> bool:
    """Whether the actor has the duty for this verb, whatever the state."""
    return explains(actor, voice) if verb is VoiceVerb.EXPLAIN else handles(actor, voice)


def require(actor: Actor, verb: VoiceVerb, voice: Voice) -> None:
    """Raises NotFound (unseen), NotPermitted (seen, not one's work)."""
    if may(actor, verb, voice):
        return
    seen = Voice.objects.filter(pk=voice.pk)
    if not seen.visible_to(actor).exists() and not seen.released_to(actor).exists():
        raise NotFound(_("没有找到这一件，或者它不在您的办理范围内。"))
    raise NotPermitted(
        "no_duty_here",
        _("这一件不由您现在的岗位办理。"),
        cure=_("请由它所在的窗口、部门或监察员办理。"),
    )


def offered(actor: Actor, voice: Voice) -> list[VoiceVerb]:
    """The verbs the actor can use now, in the order of the work."""
    kind, state = Kind(voice.kind), State(voice.state)
    needless = {VoiceVerb.PUBLISH if voice.is_published else VoiceVerb.UNPUBLISH}
    if voice.matter_id is None:
        needless.add(VoiceVerb.PUBLISH)  # there is no guide to stand beside
    if voice.seat_path == root_of(voice.seat_path):
        needless.add(VoiceVerb.HAND_UP)  # there is no level above
    possible = [verb for verb in _ORDER if verb not in needless and step_for(verb, kind, state)]
    theirs, asked = handles(actor, voice), explains(actor, voice)
    return [verb for verb in possible if (asked if verb is VoiceVerb.EXPLAIN else theirs)]


_ORDER = (
    VoiceVerb.ACCEPT,
    VoiceVerb.ANSWER,
    VoiceVerb.INVESTIGATE,
    VoiceVerb.EXPLAIN,
    VoiceVerb.RELEASE,
    VoiceVerb.CLOSE,
    VoiceVerb.PUBLISH,
    VoiceVerb.UNPUBLISH,
    VoiceVerb.EXTEND,
    VoiceVerb.HAND_UP,
    VoiceVerb.REFUSE,
)
