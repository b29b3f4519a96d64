"""责任追究: what was done about a record, by whom, when and on which paper; referred to 纪检监察; closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application
from halls.acting import Actor
from halls.domain.errors import Invalid, NotFound, Refused
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from supervision.actions._cards import require_county
from supervision.models import Accountability, AccountAct, SupervisionOrder
from supervision.selectors.accounts import account_of, stage_of

Stage = AccountAct.Stage


@dataclass(frozen=True, slots=True)
class Deed:
    """One stage with what it needs: handled (measure, who decided, when), referred (paper, when), closed."""

    stage: str
    note: str
    measure: str = ""
    person: str = ""
    decided_by: str = ""
    done_on: date | None = None
    document_no: str = ""


@transaction.atomic
def settle_account(account_id: int, deed: Deed, *, actor: Actor) -> AccountAct:
    """Register it; nothing that was registered is taken back.

    Raises NotPermitted (who does not watch the county), NotFound, Invalid, Refused (`closed`, `card_revoked`,
    `nothing_done`, `already_referred`, `no_fault`).
    """
    require_county(actor)
    _lock(account_id)
    account = account_of(actor, account_id)
    if account is None:
        raise NotFound(_("没有这条责任追究记录，或者它不在您的监察范围内。"))
    _require_sound(deed)
    _require_behind(account, deed)
    _require_possible(account, deed)
    return AccountAct.objects.create(
        account=account,
        stage=deed.stage,
        measure=deed.measure if deed.stage == Stage.HANDLE else "",
        person=deed.person.strip(),
        decided_by=deed.decided_by.strip(),
        done_on=deed.done_on,
        document_no=deed.document_no.strip(),
        note=deed.note.strip(),
        user_id=actor.user_id,
        person_code=actor.person_code,
        at=read_moment().at,  # the trigger stamps the moment
    )


def _lock(account_id: int) -> None:
    """Those who act about one record at once queue up at the order or the case that it is about."""
    for about in (
        SupervisionOrder.objects.filter(account=account_id),
        Application.objects.filter(accountabilities=account_id, accountabilities__order__isnull=True),
    ):
        about.select_for_update(no_key=True, of=("self",)).only("pk").first()


def _require_sound(deed: Deed) -> None:
    needs: dict[str, tuple[str, ...]] = {
        Stage.HANDLE: ("measure", "decided_by", "done_on", "note"),
        Stage.REFER: ("document_no", "done_on", "note"),
        Stage.CLOSE: ("note",),
    }
    if deed.stage not in needs or (deed.measure and deed.measure not in AccountAct.Measure.values):
        raise Invalid("unknown_stage", _("请选择登记什么。"), field="stage", cure=_("选一项再提交。"))
    for field in needs[deed.stage]:
        if not getattr(deed, field) or not str(getattr(deed, field)).strip():
            raise Invalid(
                "field_missing", _("这一项要填。"), field=field, cure=_("写清做了什么、谁决定的、什么时候、文号。")
            )
    if deed.done_on is not None and deed.done_on > day_of(read_moment().at):
        raise Invalid("done_on", _("作出日期不能晚于今天。"), field="done_on", cure=_("请核对日期。"))


def _require_behind(account: Accountability, deed: Deed) -> None:
    """Raises Invalid for what is said to have been done before the breach."""
    breached = day_of(account.breached_at)
    if deed.done_on is not None and deed.done_on < breached:
        raise Invalid(
            "done_before",
            _("作出日期不能早于违规发生的日期 %(day)s。") % {"day": breached},
            field="done_on",
            cure=_("请核对文书上的日期。"),
        )


def _require_possible(account: Accountability, deed: Deed) -> None:
    stage = stage_of(account)
    if stage.is_closed:
        raise Refused("closed", _("这条责任追究已经办结。"), cure=_("请刷新页面，查看处理结果。"))
    if deed.stage == Stage.CLOSE:
        if not stage.acts and not stage.is_revoked and account.fault == Accountability.Fault.ORGAN:
            raise Refused("nothing_done", _("还没有登记任何处理，不能办结。"), cure=_("先登记处理或移送。"))
        return
    if account.fault == Accountability.Fault.APPLICANT:
        raise Refused("no_fault", _("申请人未补正，不追究机构。"), cure=_("可以直接办结，写明情况。"))
    if stage.is_revoked:
        raise Refused("card_revoked", _("红牌已经撤销，不再追究。"), cure=_("可以直接办结，写明情况。"))
    if deed.stage == Stage.REFER and stage.is_referred:
        raise Refused("already_referred", _("已经移送过。"), cure=_("请刷新页面，查看移送记录。"))
