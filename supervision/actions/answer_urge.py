"""答复催办: one of those who were urged says in one line how it stands; whoever urged is told."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.constraints import violates
from halls.domain.errors import NotFound, NotPermitted, Refused
from halls.selectors.work_calendar import read_moment
from supervision.actions._post import Letter, post
from supervision.actions._words import sound_words
from supervision.models import Message, UrgeAnswer
from supervision.selectors.urges import visible_urges, was_urged

LONGEST_ANSWER = 200


@transaction.atomic
def answer_urge(urge_id: int, *, actor: Actor, words: str) -> UrgeAnswer:
    """Answer once, for everybody who was urged.

    Raises NotFound, NotPermitted (was not urged), Invalid (no words, more than a line), Refused (`already_answered`).
    """
    urge = visible_urges(actor).select_related("application__matter").filter(pk=urge_id).first()
    if urge is None:
        raise NotFound(_("没有找到这次催办，或者它不在您的范围内。"))
    if not was_urged(actor, urge):
        raise NotPermitted("not_urged", _("这次催办不是催您的，由被催办的人答复。"), cure=_("请转告承办人答复。"))
    text = " ".join(sound_words(words, "words", _("答复"), longest=LONGEST_ANSWER).split())
    moment = read_moment()
    try:
        with transaction.atomic():
            row = UrgeAnswer.objects.create(
                urge=urge,
                words=text,
                user_id=actor.user_id,
                person_code=actor.person_code,
                at=moment.at,  # the trigger stamps the moment
            )
    except IntegrityError as fault:
        if not violates(fault, "supervision_urgeanswer_urge_id_key"):
            raise
        raise Refused("already_answered", _("这次催办已经有人答复了。"), cure=_("请刷新页面，查看答复。")) from fault
    case = urge.application
    told = f"催办答复：{case.display_number} {case.matter.name}。{text}"
    post([Letter(urge.user_id, f"urge:{urge.pk}:answer", Message.Kind.NOTICE, told, application=case)], moment)
    return row
