"""回复督办单: whoever answers for the organ says what was done, with papers that show it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from halls import files
from halls.acting import Actor
from halls.domain.errors import Invalid, NotFound
from supervision.actions._orders import hold, record, tell_act
from supervision.actions._terms import stop_term
from supervision.actions._words import sound_words
from supervision.domain.orders import Act
from supervision.models import OrderAct, OrderFile
from supervision.permissions.orders import require_role
from supervision.selectors.orders import visible_orders

MOST_FILES = 10


@transaction.atomic
def reply_order(order_id: int, *, actor: Actor, words: str, papers: Sequence[tuple[str, bytes]] = ()) -> OrderAct:
    """Reply; the organ's limit stops and the issuer's office is told. `papers`: name and bytes of each file.

    Raises NotFound, NotPermitted (not the organ's), Invalid (words, a file, too many), Refused (`order_replied`,
    `order_ended`, `same_person`: whoever issued it).
    """
    order = visible_orders(actor).filter(pk=order_id).first()
    if order is None:
        raise NotFound(_("没有找到这张督办单，或者它不在您的范围内。"))
    require_role(actor, Act.REPLY, order)
    text = sound_words(words, "words", _("办理情况"))
    if len(papers) > MOST_FILES:
        raise Invalid(
            "too_many_files",
            _("一次最多附 %(n)d 个文件。") % {"n": MOST_FILES},
            field="papers",
            cure=_("请合并成一个 PDF。"),
        )
    # Decoding takes its time: not while everybody else waits for the order.
    checked = [files.check_form(data, name, field="papers") for name, data in papers]
    held = hold(order_id, Act.REPLY, actor)
    row = record(held, Act.REPLY, text)
    for one in checked:
        files.store(one)
        OrderFile.objects.create(act=row, **one.facts)
    stop_term(held.term, held.moment, actor=actor)
    tell_act(row, held.moment)
    return row
