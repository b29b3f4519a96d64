"""送达: the paper is in the villager's hand, with a signature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from applications.actions._move import begin, finish
from applications.domain.identity import IdKind
from applications.domain.lifecycle import Verb
from applications.models import Applicant, Application
from halls import files
from halls.acting import Actor
from halls.domain.errors import Invalid, Problem, Refused

SELF = "本人"
WAYS = {"counter": "当面领取", "proxy": "代办员送达", "post": "邮寄送达"}
RELATIONS = (SELF, "监护人（法定代理人）", "配偶", "父母", "子女", "其他成年同住家属", "委托代理人")


@dataclass(frozen=True)
class Handing:
    """How the result reached the applicant."""

    way: str
    receiver: str
    relation: str = SELF
    signature: bytes = b""
    tracking_number: str = ""


@transaction.atomic
def deliver(application_id: int, handing: Handing, *, actor: Actor, version: int | None = None) -> Application:
    """Record the delivery with its proof (送达回证); the case is concluded.

    Raises Invalid (who, how, or the signature is missing), Refused (`on_its_way`), NotFound,
    NotPermitted, Stale. Source: 行政许可法 §44.
    """
    move = begin(application_id, Verb.DELIVER, actor, version=version)
    if move.application.destination_path:
        raise Refused("on_its_way", "结果还在移交途中。", cure="请先签收移交，再送达。")
    applicant = move.application.applicant
    assert applicant is not None
    signature = _checked(handing, applicant)
    move.paper |= {
        "way": WAYS[handing.way],
        "receiver": handing.receiver.strip(),
        "relation": handing.relation,
        "signature": signature,
        "tracking_number": handing.tracking_number.strip(),
        "result_number": move.application.result_number,
    }
    move.detail["way"] = handing.way
    return finish(move)


def _is_self(handing: Handing, applicant: Applicant) -> bool:
    """Whether the receiver bears the applicant's name; an organisation always sends somebody."""
    if applicant.id_kind == IdKind.USCC:
        return True
    return "".join(handing.receiver.split()) == "".join(applicant.name.split())


def _checked(handing: Handing, applicant: Applicant) -> str:
    """Check the particulars and return the hash of the stored signature ("" for the post)."""
    problems = tuple(_doubts(handing, applicant))
    if problems:
        raise Invalid("delivery_incomplete", "送达信息还没有填完。", problems=problems)
    if not handing.signature:
        return ""
    checked = files.check(handing.signature, "签名.png", field="signature", images_only=True)
    files.store(checked)
    return checked.sha256


def _doubts(handing: Handing, applicant: Applicant) -> Iterator[Problem]:
    if handing.way not in WAYS:
        yield Problem("way", "请选择送达方式。", "当面领取、代办员送达或邮寄送达。")
    if not 2 <= len(handing.receiver.strip()) <= 64:
        yield Problem("receiver", "请填写签收人姓名。", "照证件填写。")
    if handing.relation not in RELATIONS:
        yield Problem("relation", "请选择签收人与申请人的关系。", "本人签收请选「本人」。")
    elif handing.relation == SELF and handing.receiver.strip() and not _is_self(handing, applicant):
        yield Problem("relation", "签收人与申请人姓名不同，不是本人签收。", "请选签收人与申请人的关系。")
    if handing.way == "post":
        if not handing.tracking_number.strip():
            yield Problem("tracking_number", "邮寄送达要填写邮件号。", "请照寄件单填写。")
    elif not handing.signature:
        yield Problem("signature", "还没有签名。", "请签收人在签名板上签名，或上传签字页照片。")
