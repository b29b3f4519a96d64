"""Official papers: the facts a verb recorded, laid out as the paper that people hold."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from applications.domain.identity import mask_name
from applications.domain.paper_titles import PERMIT, REFUSAL, refused_words, title_of
from applications.models import Application, Document

# A line of the window's checklist: what is wrong, and from a 请 that begins a clause (not 申请表) on what to do.
CURE = re.compile(r"(?P<what>.*?)(?:^|(?<=[，。；、,;\s]))(?P<cure>请.*)", re.DOTALL)


def _remedies(facts: dict[str, Any]) -> str:
    """Where to turn: for a decision of a bureau or a township, the county's government."""
    return (
        f"如对本决定不服，可以自收到之日起六十日内向{facts.get('county', '')}人民政府申请行政复议"
        "（行政复议法第二十条），或者自收到之日起六个月内向有管辖权的人民法院提起行政诉讼（行政诉讼法第四十六条）。"
    )


def _basis(facts: dict[str, Any], article: str) -> str:
    """The ground a paper names: the permit law governs permits only; the rest goes by its own guide."""
    if facts.get("matter_kind") == PERMIT:
        return f"根据《中华人民共和国行政许可法》{article}的规定，"
    return "根据本事项办事指南公布的依据和条件，"


def basis_words(basis: str, matter_kind: str) -> str:
    """The ground a page names for an act, as the papers do: no article of the permit law where nothing is permitted."""
    if matter_kind != PERMIT and basis.startswith("行政许可法"):
        return "本事项办事指南公布的依据和条件"
    return basis


def paper_of(document: Document, application: Application, qr_svg: str, *, is_masked: bool) -> dict[str, Any]:
    """The dict that components/official_paper.html prints."""
    facts = _masked(document.content) if is_masked else document.content
    day = timezone.localtime(document.issued_at).date()
    paper: dict[str, Any] = {
        "organ": f"{facts.get('county', '')}政务服务",
        "title": title_of(document.kind, facts.get("matter_kind", "")),
        "number": document.number,
        "to": f"{facts.get('applicant', '')}：",
        "sign_organ": facts.get("organ") or facts.get("place") or facts.get("hall", ""),
        "sign_date": day,
        "qr_svg": qr_svg,
        "qr_note": "扫码查进度" if qr_svg else "",
        "facts": _common(facts, application),
        "sample": "示例数据" if settings.DEMO else "",
        "compact": True,
    }
    if document.kind in ("proof_of_delivery", "hand_over_list") and not facts.get("result_number"):
        decided = application.documents.filter(kind__in=("grant_decision", REFUSAL)).order_by("-pk").first()
        facts = facts | {"result_number": decided.number if decided else ""}
    if document.kind == "proof_of_delivery":
        facts = facts | {"signed_on": _day(day), "is_masked": is_masked}
    layout = _LAYOUTS.get(document.kind)
    if layout is not None:
        layout(paper, facts)
    return paper


def _masked(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts without anybody's full name, for those who only watch."""
    names = {key: mask_name(facts[key]) for key in ("applicant", "receiver") if facts.get(key)}
    return {**facts, **names}


def _common(facts: dict[str, Any], application: Application) -> list[dict[str, Any]]:
    rows = [
        {"term": "办件编号", "text": application.display_number},
        {"term": "申请事项", "text": f"{facts.get('matter', '')}（{facts.get('matter_code', '')}）"},
        {"term": "申请人", "text": f"{facts.get('applicant', '')}  证件号 {facts.get('id_masked', '')}"},
    ]
    if facts.get("due_at"):
        due = parse_datetime(facts["due_at"])
        days = facts.get("promised_days")
        text = f"最晚 {_day(due)}（含当日；承诺 {days} 个工作日）" if days else f"{_day(due)}（当场办结）"
        if facts.get("promised_by"):
            text += f"\n{facts['promised_by']}"
        rows.append({"term": "办结期限", "text": text, "provisional": facts.get("is_provisional", False)})
    return rows


def _day(moment: datetime | date | None) -> str:
    if moment is None:
        return ""
    day = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    return f"{day.year}年{day.month}月{day.day}日"


def _materials(paper: dict[str, Any], facts: dict[str, Any], headings: list[str], keys: tuple[str, ...]) -> None:
    rows = facts.get("materials") or facts.get("items") or []
    paper["columns"] = ["序号", *headings]
    paper["rows"] = [[str(i), *(row.get(key, "") for key in keys)] for i, row in enumerate(rows, 1)]


def _submission(paper: dict[str, Any], facts: dict[str, Any]) -> None:
    paper["paragraphs"] = ["您的申请已由便民服务点提交到受理窗口。本凭证不代表受理。"]
    _materials(paper, facts, ["材料", "形式", "情况"], ("name", "form", "declared"))
    paper["after"] = ["窗口收件后 5 个工作日内受理、一次性告知需要补正的全部内容，或者不予受理。"]


def _receipt(paper: dict[str, Any], facts: dict[str, Any]) -> None:
    paper["paragraphs"] = [
        "我单位已收到您的申请材料。自次日起 5 个工作日内，我单位将受理、一次性告知需要补正的全部内容，"
        "或者不予受理；逾期不告知的，自收到材料之日起即为受理。本凭证不代表受理。"
    ]
    _materials(paper, facts, ["材料", "形式", "情况"], ("name", "form", "declared"))


def _acceptance(paper: dict[str, Any], facts: dict[str, Any]) -> None:
    ground = f"您的申请材料齐全、符合法定形式，{_basis(facts, '第三十二条第一款第五项')}予以受理。"
    if facts.get("deemed_since"):
        since = _day(date.fromisoformat(facts["deemed_since"]))
        ground = (
            f"{facts.get('organ') or '我单位'}收到您的申请材料后，五个工作日内没有受理，"
            f"也没有一次性告知需要补正的内容。"
            f"{_basis(facts, '第三十二条第一款第四项')}您的申请"
            f"自收到材料之日（{since}）起即为受理，办结期限自该日起算。"
        )
    paper["paragraphs"] = [ground]
    _materials(paper, facts, ["材料", "形式", "核验"], ("name", "form", "result"))
    if facts.get("hall_due"):
        text = f"最晚 {_day(date.fromisoformat(facts['hall_due']))}（含当日）办结本大厅的环节"
        paper["facts"].append({"term": "本大厅期限", "text": text, "provisional": facts.get("is_provisional", False)})
    stops = [
        f"{s['name']}（{s['organ']}）{_day(date.fromisoformat(s['due']))}" for s in facts.get("stops", []) if s["due"]
    ]
    if stops:
        paper["facts"].append({"term": "各环节最迟", "text": "\n".join(stops)})
    units = {"wd": "个工作日", "cd": "个自然日"}
    special = "、".join(f"{s['name']}（{s['days']}{units.get(s['unit'], '')}）" for s in facts.get("special", []))
    paper["after"] = [f"下列程序所需时间不计入办结期限：{special}。"] if special else []
    if facts.get("deemed_since"):
        government = f"{facts.get('county', '')}人民政府"
        paper["after"].append(f"到期仍没有办结的，可以向{government}申请行政复议（行政复议法第十一条）。")


def _by(facts: dict[str, Any]) -> str:
    """The last day of the supplement, with the days it has."""
    days = f"{facts.get('days')} 个工作日内"
    return f"最晚 {_day(date.fromisoformat(facts['until']))}（含当日，{days}）" if facts.get("until") else days


def fault_and_cure(row: dict[str, str]) -> dict[str, str]:
    """What is wrong with a paper and what to do, told apart: the window writes 「缺页，请补齐全部页。」 in one line.

    A line that only names the fault gets the cure that every such fault has.
    """
    fault, told = row.get("fault", ""), row.get("cure", "").strip()
    written = CURE.match(told)
    what, how = (written["what"], written["cure"]) if written else (told, "")
    name = row.get("name", "")
    usual = f"请补交「{name}」。" if fault.startswith("缺") else f"请照左边所说改正「{name}」，重新提交。"
    return {
        "fault": "：".join(part for part in (fault, what.strip("，。；, ;")) if part),
        "cure": how or usual,
    }


def _correction(paper: dict[str, Any], facts: dict[str, Any]) -> None:
    paper["paragraphs"] = [
        f"您的申请材料不齐全或者不符合法定形式，{_basis(facts, '第三十二条第一款第四项')}"
        f"现将需要补正的全部内容一次告知如下，请{_by(facts)}补正："
    ]
    items = [row | fault_and_cure(row) for row in facts.get("items") or []]
    _materials(paper, {"items": items}, ["材料", "问题", "怎样补"], ("name", "fault", "cure"))
    paper["after"] = [
        f"请交到{facts.get('hall', '')}或{facts.get('place', '')}。补齐后窗口不得再以本次未列明的内容要求补正。"
    ]
    paper["receipt_lines"] = ["申请人（代办员）签收：", "日期："]


def _decline(paper: dict[str, Any], facts: dict[str, Any]) -> None:
    organ = f"请向{facts['competent_organ']}提出申请。" if facts.get("competent_organ") else ""
    paper["paragraphs"] = [
        f"经审查，您的申请{facts.get('reason_class', '')}，决定不予受理。{organ}",
        f"理由：{facts.get('reason', '')}",
    ]
    paper["after"] = [_remedies(facts)]


def _special(paper: dict[str, Any], facts: dict[str, Any]) -> None:
    until = date.fromisoformat(facts["until"]) if facts.get("until") else None
    paper["paragraphs"] = [
        f"您的申请需要进行「{facts.get('kind', '')}」，所需时间 {facts.get('days')}{facts.get('unit', '')}，"
        f"至 {_day(until)}。{_basis(facts, '第四十五条')}这段时间不计入办结期限，特此告知。"
    ]


def _grant(paper: dict[str, Any], facts: dict[str, Any]) -> None:
    result = facts.get("result") or "办理结果"
    paper["paragraphs"] = [
        f"经审查，您的申请符合法定条件，{_basis(facts, '第三十八条第一款')}准予办理「{facts.get('matter', '')}」。",
        f"结果：{result}，当场送达。" if facts.get("is_immediate") else f"结果：{result}，十个工作日内制作并送达。",
    ]


def _refusal(paper: dict[str, Any], facts: dict[str, Any]) -> None:
    paper["paragraphs"] = [
        f"经审查，{_basis(facts, '第三十八条第二款')}决定{refused_words(facts.get('matter_kind', ''))}。",
        f"理由：{facts.get('reason', '')}",
    ]
    paper["after"] = [_remedies(facts)]


def _hand_over(paper: dict[str, Any], facts: dict[str, Any]) -> None:
    paper["to"] = ""  # between two halls, not to the applicant
    paper["facts"] += [
        {"term": "移交单位", "text": facts.get("place", "")},
        {"term": "接收单位", "text": facts.get("to", "")},
        {"term": "结果文号", "text": facts.get("result_number") or "决定书"},
    ]
    paper["receipt_lines"] = ["接收人签收：", "日期："]


def _delivery(paper: dict[str, Any], facts: dict[str, Any]) -> None:
    paper["facts"] += [
        {"term": "送达方式", "text": facts.get("way", "")},
        {"term": "结果文号", "text": facts.get("result_number") or "决定书"},
        {"term": "签收人", "text": f"{facts.get('receiver', '')}（{facts.get('relation', '')}）"},
    ]
    if facts.get("tracking_number"):
        paper["facts"] += [
            {"term": "邮件号", "text": facts["tracking_number"]},
            {"term": "寄出日期", "text": facts["signed_on"]},
            {"term": "签收日期", "text": "以邮政回执记载的为准，回执附卷"},
        ]
    else:
        paper["facts"].append({"term": "签收日期", "text": facts["signed_on"]})
    if facts.get("signature") and facts["is_masked"]:
        kept = "签收人已签名；签名原件存在本件的送达记录里，由经办单位调阅，监察时不显示"
        paper["facts"].append({"term": "签收人签名", "text": kept})
    paper["facts"].append({"term": "送达人", "text": f"{facts.get('clerk', '')}（{facts.get('clerk_post', '')}）"})


def _extension(paper: dict[str, Any], facts: dict[str, Any]) -> None:
    paper["paragraphs"] = [
        f"您的申请在规定期限内不能作出决定，{_basis(facts, '第四十二条')}经本机关负责人批准，"
        f"办理期限延长 {facts.get('days')} 个工作日。",
        f"延长期限的理由：{facts.get('reason', '')}",
    ]


def _termination(paper: dict[str, Any], facts: dict[str, Any]) -> None:
    told = _day(date.fromisoformat(facts["told_on"])) if facts.get("told_on") else ""
    paper["paragraphs"] = [
        f"一次性告知书载明的补正期限已经届满，您没有补正材料；我单位已于{told}提醒您。",
        f"依据{facts.get('basis', '')}，视为您撤回申请，本件终止办理。需要办理的，可以随时重新申请。",
    ]
    paper["after"] = [_remedies(facts)]


def _withdrawal(paper: dict[str, Any], facts: dict[str, Any]) -> None:
    paper["paragraphs"] = [
        "根据您的申请，本件终止办理。所交材料原件请到收件地点取回。",
        f"撤回原因：{facts.get('reason', '')}",
    ]


_LAYOUTS = {
    "submission": _submission,
    "receipt": _receipt,
    "supply_receipt": _receipt,
    "acceptance_notice": _acceptance,
    "correction_notice": _correction,
    "decline_decision": _decline,
    "special_notice": _special,
    "grant_decision": _grant,
    REFUSAL: _refusal,
    "hand_over_list": _hand_over,
    "proof_of_delivery": _delivery,
    "withdrawal_notice": _withdrawal,
    "extension_notice": _extension,
    "termination_notice": _termination,
}
