"""What may be done about a rating, as forms, and the one action behind each button."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from halls.acting import Actor
from halls.domain.errors import DomainError, Invalid, Refused
from supervision.actions.answer_rater import answer_rater
from supervision.actions.appeal_rating import appeal_rating
from supervision.actions.contact_rater import contact_rater
from supervision.actions.decide_appeal import decide_appeal
from supervision.actions.extend_rectification import extend_rectification
from supervision.actions.publish_rating import publish_rating
from supervision.actions.rectify import rectify
from supervision.actions.revisit_rater import revisit_rater
from supervision.actions.verify_rating import Held, verify_rating
from supervision.domain.ratings import Act, State, after
from supervision.forms.ratings import ExtendForm, NoteForm, VerifyForm
from supervision.models import Rating
from supervision.permissions.ratings import (
    JUDGING,
    called_first,
    found_groundless,
    may,
    own_part,
    require_duty,
    worked_on,
)
from supervision.selectors.rating_bodies import told_bodies

Text = str | Promise
NOTHING_TYPED: Final[Mapping[str, str]] = {}


@dataclass(frozen=True)
class Panel:
    """One form: what it asks, and its buttons (value of `act`, label)."""

    key: str
    act: Act
    title: Text
    label: Text
    buttons: tuple[tuple[str, Text], ...]
    hint: Text = ""
    only_in: State | None = None  # of two forms for one act


PANELS: tuple[Panel, ...] = (
    Panel(
        "contact",
        Act.CONTACT,
        gettext_lazy("联系评价人"),
        gettext_lazy("联系的情况"),
        (("contact", gettext_lazy("已联系上")), ("attempt", gettext_lazy("没有接通"))),
        gettext_lazy("先查看评价人电话，打过再登记。三次没有接通（每次至少隔半小时），也转入核实。"),
    ),
    Panel(
        "verify",
        Act.VALID,
        gettext_lazy("核实"),
        gettext_lazy("核实的情况和理由"),
        (("valid", gettext_lazy("属实，交办整改")), ("invalid", gettext_lazy("没有依据"))),
        gettext_lazy("经办过这一件的人不能核实。原评价不变，只判定是否有效；没有依据的，由另一个人确认后才不计入。"),
        State.VERIFYING,
    ),
    Panel(
        "overrule",
        Act.VALID,
        gettext_lazy("不同意没有依据"),
        gettext_lazy("核实的情况和理由"),
        (("overrule", gettext_lazy("属实，交办整改")),),
        gettext_lazy("核实的人不能再核实；您查明属实的，在这里交办。"),
        State.EXPLAINING,
    ),
    Panel(
        "rectify",
        Act.RECTIFY,
        gettext_lazy("登记整改"),
        gettext_lazy("怎样整改的"),
        (("rectify", gettext_lazy("整改完成")),),
    ),
    Panel(
        "extend",
        Act.EXTEND,
        gettext_lazy("整改延期"),
        gettext_lazy("延期的理由"),
        (("extend", gettext_lazy("同意延期")),),
        gettext_lazy("到期前延一次。"),
    ),
    Panel(
        "answer",
        Act.ANSWER,
        gettext_lazy("反馈评价人"),
        gettext_lazy("怎样告知评价人的"),
        (("answer", gettext_lazy("已反馈")),),
    ),
    Panel(
        "explain",
        Act.EXPLAIN,
        gettext_lazy("确认没有依据，向评价人解释"),
        gettext_lazy("怎样解释的"),
        (("explain", gettext_lazy("确认没有依据，已解释，办结")),),
        gettext_lazy("核实的人不能确认。确认后不再计入，公开的理由在大厅的评价旁公布；确认前照旧计入。"),
    ),
    Panel(
        "revisit",
        Act.REVISIT,
        gettext_lazy("回访"),
        gettext_lazy("回访的情况"),
        (("content", gettext_lazy("现在满意")), ("discontent", gettext_lazy("仍不满意"))),
        gettext_lazy("先查看评价人电话，打过再登记。"),
    ),
    Panel(
        "publish",
        Act.PUBLISH,
        gettext_lazy("公开"),
        gettext_lazy("公开的内容"),
        (("publish", gettext_lazy("公开，办结")),),
        gettext_lazy("写明哪里没做好、怎样整改的；姓名和号码会自动隐去，请再看一遍。"),
    ),
    Panel(
        "decide",
        Act.EXCLUDE,
        gettext_lazy("裁定申诉"),
        gettext_lazy("裁定的理由"),
        (("exclude", gettext_lazy("成立，剔除")), ("uphold", gettext_lazy("不成立，维持"))),
        gettext_lazy("剔除的评价仍然显示，注明理由，不再计入。理由会公开。"),
    ),
    Panel(
        "appeal",
        Act.APPEAL,
        gettext_lazy("申诉"),
        gettext_lazy("申诉的理由"),
        (("appeal", gettext_lazy("提出申诉")),),
        gettext_lazy("恶意的、评错的，或责任单位判错的，写明依据；由县监察员裁定，裁定前照旧计入，期限照走。"),
    ),
)
CONFIRMING = frozenset({"explain", "overrule"})
Run = Callable[[int, Actor, dict[str, Any]], object]
RUNS: dict[str, Run] = {
    "contact": lambda pk, actor, said: contact_rater(pk, actor=actor, is_reached=True, note=said["note"]),
    "attempt": lambda pk, actor, said: contact_rater(pk, actor=actor, is_reached=False, note=said["note"]),
    "valid": lambda pk, actor, said: verify_rating(
        pk, actor=actor, is_valid=True, note=said["note"], held=Held(said["seat"], said["why"]), shown=said["demand"]
    ),
    "overrule": lambda pk, actor, said: verify_rating(
        pk, actor=actor, is_valid=True, note=said["note"], held=Held(said["seat"], said["why"]), shown=said["demand"]
    ),
    "invalid": lambda pk, actor, said: verify_rating(
        pk, actor=actor, is_valid=False, note=said["note"], shown=said["public"]
    ),
    "rectify": lambda pk, actor, said: rectify(pk, actor=actor, note=said["note"]),
    "extend": lambda pk, actor, said: extend_rectification(pk, actor=actor, days=said["days"], reason=said["note"]),
    "answer": lambda pk, actor, said: answer_rater(pk, actor=actor, is_explained=False, note=said["note"]),
    "explain": lambda pk, actor, said: answer_rater(pk, actor=actor, is_explained=True, note=said["note"]),
    "content": lambda pk, actor, said: revisit_rater(pk, actor=actor, is_content=True, note=said["note"]),
    "discontent": lambda pk, actor, said: revisit_rater(pk, actor=actor, is_content=False, note=said["note"]),
    "publish": lambda pk, actor, said: publish_rating(pk, actor=actor, account=said["note"]),
    "appeal": lambda pk, actor, said: appeal_rating(pk, actor=actor, reason=said["note"]),
    "exclude": lambda pk, actor, said: decide_appeal(pk, actor=actor, is_excluded=True, reason=said["note"]),
    "uphold": lambda pk, actor, said: decide_appeal(pk, actor=actor, is_excluded=False, reason=said["note"]),
}


def offered(
    actor: Actor, rating: Rating, bound: NoteForm | None, typed: Mapping[str, str] = NOTHING_TYPED
) -> list[dict[str, Any]]:
    """The forms that this person may fill in now; `bound` stands in its own place, also where its moment is over, but
    never before somebody without the duty: its choices tell of the case.

    `typed`: what was sent along while something else was looked at.
    """
    acts = {row.act: row for row in rating.acts.all()}
    has_worked = worked_on(actor, rating.application_id)
    is_pending = Act.APPEAL in acts and not acts.keys() & {Act.EXCLUDE, Act.UPHOLD}
    found = []
    for panel in PANELS:
        if not may(actor, panel.act, rating):
            continue
        if bound is not None and bound.prefix == panel.key:
            found.append(_offer(panel, bound))
            continue
        if after(rating.stands, panel.act) is None:
            continue
        if panel.act in acts or (panel.act in JUDGING and has_worked):
            continue
        if _is_another_s(panel, actor, rating):
            continue
        if panel.act is Act.EXCLUDE and not is_pending:
            continue
        found.append(_offer(panel, _form(panel, rating, typed=typed)))
    return found


def _offer(panel: Panel, form: NoteForm) -> dict[str, Any]:
    return {"title": panel.title, "form": form, "buttons": panel.buttons, "key": panel.key}


def _is_another_s(panel: Panel, actor: Actor, rating: Rating) -> bool:
    """Whether it is not the moment for this form of two, or this person did the act that it follows."""
    if panel.only_in is not None and rating.stands is not panel.only_in:
        return True
    if panel.act is Act.REVISIT:
        return called_first(actor, rating)
    if own_part(actor, panel.act, rating) is not None:
        return True
    return panel.key in CONFIRMING and found_groundless(actor, rating)


def left_to_another(actor: Actor, rating: Rating) -> str:
    """Who acts next where this person may not, having done the first half themselves; "" where that is not so."""
    if rating.stands is State.REVISITING and may(actor, Act.REVISIT, rating) and called_first(actor, rating):
        return _("您联系过评价人，由本级另一位或上一级的监察员回访。")
    if rating.stands is State.EXPLAINING and may(actor, Act.EXPLAIN, rating) and found_groundless(actor, rating):
        return _("「没有依据」是您核实的，由本级另一位或上一级的监察员确认、解释。")
    acts = {row.act for row in rating.acts.all()}
    awaited = [Act.VALID] if rating.stands in (State.VERIFYING, State.EXPLAINING) else []
    awaited += [Act.EXCLUDE] if Act.APPEAL in acts and not acts & {Act.EXCLUDE, Act.UPHOLD} else []
    parts = [own_part(actor, act, rating) for act in awaited if may(actor, act, rating)]
    return "".join(f"{part.message}{part.cure}" for part in parts if part is not None)


def carry_out(request: HttpRequest, actor: Actor, rating: Rating) -> tuple[NoteForm, DomainError | None] | None:
    """Do what was pressed; return the form with its faults, as it was filled in, and what the action refused.

    Raises NotFound, NotPermitted. Raises Invalid for a button that is none.
    """
    pressed = request.POST.get("act", "")
    panel = next((panel for panel in PANELS if pressed in dict(panel.buttons)), None)
    if panel is None:
        raise Invalid("unknown_act", _("没有这一步。"), field="act", cure=_("请刷新页面后再选。"))
    require_duty(actor, panel.act, rating)
    form = _form(panel, rating, request.POST)
    if not form.is_valid():
        return form, None
    try:
        RUNS[pressed](rating.pk, actor, form.cleaned_data)
    except (Invalid, Refused) as refusal:
        form.explain(refusal)
        return form, refusal
    return None


def _form(panel: Panel, rating: Rating, data: Any = None, typed: Mapping[str, str] = NOTHING_TYPED) -> NoteForm:
    words: dict[str, Any] = {"label": str(panel.label), "hint": str(panel.hint), "prefix": panel.key}
    before = f"{panel.key}-"
    kept = {name.removeprefix(before): text for name, text in typed.items() if name.startswith(before)}
    if kept:
        words["initial"] = kept
    if panel.act is Act.VALID:
        return VerifyForm(data, seats=told_bodies(rating), is_second=panel.key == "overrule", **words)
    return ExtendForm(data, **words) if panel.key == "extend" else NoteForm(data, **words)
