"""Complaints and inquiries for tests: lodged by villagers, moved by the real actions."""

from uuid import uuid4

from supervision.actions.accept_voice import accept_voice
from supervision.actions.lodge_voice import Lodging, lodge_voice
from supervision.domain.voices import Kind
from supervision.models import Voice

WORDS = "三月二日上午去窗口三次都没有人，说了也不理，等了两个小时。"
NAME, PHONE = "龘靐齉", "13987654321"


def lodged(place, kind=Kind.COMPLAINT, *, client="203.0.113.7", device="", **said):
    """A voice about a hall or department, from the web unless said otherwise."""
    where = {"department": place.code} if hasattr(place, "organ") else {"hall": place.code}
    given = {"words": WORDS, "name": NAME, "phone": PHONE, **where, **said}
    if kind is Kind.REPEAT:
        given = {"trips": 3, **given}
    return lodge_voice(Lodging(kind=kind, **given), key=uuid4(), client=client, device=device)


def accepted(county, hall, **said):
    """A complaint that the county's supervisor accepted."""
    voice = lodged(hall, **said)
    accept_voice(voice.number, actor=county.actor("supervisor"))
    return Voice.objects.get(pk=voice.pk)
