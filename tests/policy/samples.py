"""How each route is called: the words in its address, and a body that would be taken from whoever may."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from applications.models import Application, Document, MaterialFile
from supervision.domain.voices import Kind, voice_number
from tests.factories.cases import a_picture, an_id_number, code_of, token_of
from tests.factories.halls import GAOQIAO
from tests.factories.ratings import rating_token

ALL_OK = {str(seq): "ok" for seq in range(1, 8)}
SIGNATURE = base64.b64encode(a_picture()).decode()
Case = Application | None


def _known(case: Case) -> Application:
    assert case is not None
    return case


def _file_of(case: Case) -> MaterialFile:
    return MaterialFile.objects.filter(line__application=_known(case))[0]


NOBODYS = 999_999_999
NO_VOICE = voice_number(Kind.COMPLAINT, date(2026, 3, 2), 999_999)


def address_words(route: str, case: Case) -> dict[str, Any]:
    """The keyword arguments that `reverse(route)` needs."""
    fixed: dict[str, dict[str, Any]] = {
        "api_hall": {"code": GAOQIAO},
        "api_matter": {"code": "NY-003"},
        **{f"api_matter_{act}": {"code": "MZ-004"} for act in ("pause", "reopen", "abolish", "merge")},
        **{f"api_matter_closing{act}": {"code": "MZ-004"} for act in ("", "_confirm", "_drop")},
        **{f"api_draft{act}": {"draft_id": NOBODYS} for act in ("", "_check", "_approve", "_drop")},
        "api_matter_check": {"code": "NY-003"},
        "api_bundle": {"code": "YJS-01"},
        "guide_check": {"code": "NY-003"},
        "bundle": {"code": "YJS-01"},
        **{name: {"code": "NY-003"} for name in ("guide", "guide_short", "guide_qr")},
        "guide_file": {"code": "NY-003", "file_id": NOBODYS},
        "guide_blank": {"code": "NY-003", "seq": 1},
        **{name: {"code": GAOQIAO} for name in ("hall_board", "hall_booklet")},
        "matter": {"code": "NY-003"},
        **{name: {"code": "MZ-004"} for name in ("matter_draft_open", "matter_history")},
        "matter_pair": {"code": "MZ-004", "other": "MZ-005"},
        "matter_close": {"code": "MZ-004", "act": "pause"},
        "matter_draft": {"draft_id": NOBODYS},
        "matter_draft_section": {"draft_id": NOBODYS, "code": "steps"},
        **{
            f"matter_draft_{name}": {"draft_id": NOBODYS}
            for name in ("preview", "files", "scenarios", "scenario_drop", "why", "check", "approve", "drop", "tryout")
        },
        **{name: {"code": GAOQIAO} for name in ("hall_matters", "hall_facts")},
        **{name: {"code": GAOQIAO, "matter_code": "NY-003"} for name in ("local_matter", "local_promise")},
        "local_state": {"code": GAOQIAO, "matter_code": "NY-003", "act": "pause"},
        "api_figure_rows": {"key": "open"},
        "hall_screen": {"code": GAOQIAO},
        "screen_open": {"token": "nobodys-token"},
        "screen_end": {"pk": NOBODYS},
        "message": {"message_id": NOBODYS},
        "message_cases": {"message_id": NOBODYS},
        "calendar_notice": {"pk": NOBODYS},
        **{name: {"pk": NOBODYS} for name in ("order", "order_reply", "urge")},
        "order_act": {"pk": NOBODYS, "act": "accept"},
        "order_paper": {"pk": NOBODYS, "kind": "notice"},
        "order_file": {"pk": NOBODYS, "file_id": NOBODYS},
        **{name: {"pk": NOBODYS} for name in ("rating", "rating_phone", "rating_scan", "callback", "callback_phone")},
        "ratings_hall": {"code": GAOQIAO},
        **{f"supervision_card{part}": {"pk": NOBODYS} for part in ("", "_paper", "_file")},
        **{name: {"pk": NOBODYS} for name in ("supervision_exclusion", "supervision_account", "supervision_evidence")},
        "api_card": {"pk": NOBODYS},
        "supervision_rule_preset": {"code": "hunan"},
        **{f"supervision_rule_set{act}": {"pk": NOBODYS} for act in ("", "_confirm", "_drop")},
        **{f"defaults_{act}": {"policy_id": NOBODYS} for act in ("policy", "confirm", "drop")},
        "defaults_release": {"account_id": NOBODYS},
        **{f"bulletin{part}": {"bulletin_id": NOBODYS} for part in ("", "_pdf", "_docx", "_xlsx")},
        **{f"bulletin_{act}": {"bulletin_id": NOBODYS} for act in ("review", "sign", "drop")},
        **{name: {"ticket": f"{NO_VOICE}.AAAAAAAA"} for name in ("voice_by_token", "voice_receipt")},
        "voice_paper_by_token": {"ticket": f"{NO_VOICE}.AAAAAAAA", "act_id": NOBODYS},
        **{name: {"number": NO_VOICE} for name in ("voice", "voice_reveal")},
        "voice_paper": {"number": NO_VOICE, "act_id": NOBODYS},
        "voice_photo": {"number": NO_VOICE, "photo_id": NOBODYS},
        "voice_verb": {"number": NO_VOICE, "verb": "accept"},
    }
    if route in fixed:
        return fixed[route]
    if case is None or route in ("api_progress", "progress", "rate_start"):
        return {}
    if route == "rate":
        return {"ticket": f"{case.number}.{rating_token(case.number or '')}"}
    if route in ("api_file", "material_file", "material_thumb", "material_file_remove"):
        return {"file_id": _file_of(case).pk}
    if route in ("progress_by_token", "progress_limits"):
        return {"ticket": f"{case.number}.{token_of(case)}"}
    return _words_of_case(route, case)


def _words_of_case(route: str, case: Application) -> dict[str, Any]:
    if route == "api_case_clock":
        return {"ref": case.number, "clock_id": case.clocks.all()[0].pk}
    if route.startswith("api_"):
        words: dict[str, Any] = {"ref": case.number or str(case.key)}
        return words | ({"seq": "1"} if route == "api_case_upload" else {})
    if route.startswith("intake_"):
        return {"key": case.key}
    extra: dict[str, Callable[[], dict[str, Any]]] = {
        "case_paper": lambda: {"paper_id": Document.objects.filter(application=case).latest("pk").pk},
        "case_signature": lambda: {"paper_id": Document.objects.get(application=case, kind="proof_of_delivery").pk},
        "clock_statement": lambda: {"clock_id": case.clocks.all()[0].pk},
        "clock_paper": lambda: {"clock_id": case.clocks.all()[0].pk},
        "case_verb": lambda: {"verb": "grant" if case.status == "in_progress" else "receive"},
    }
    if route == "material_upload":
        return {"key": case.key, "seq": 1}
    return {"number": case.number} | extra.get(route, dict)()


def body_of(route: str, method: str, case: Case) -> dict[str, Any]:
    """A body that is taken from whoever may."""
    bodies = API_BODIES if route.startswith("api_") else PAGE_BODIES
    make = bodies.get(route)
    return make(case) if make is not None and method != "GET" else {}


def _who() -> dict[str, str]:
    return {"name": "李四", "id_number": an_id_number(), "phone": "", "id_kind": "resident"}


def _a_file(_case: Case) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("照片.png", a_picture())}


API_BODIES: dict[str, Callable[[Case], dict[str, Any]]] = {
    "api_token": lambda case: {"username": "nobody", "password": "x"},
    "api_progress": lambda case: {"number": _known(case).number, "code": code_of(_known(case))},
    **{f"api_matter_{act}": lambda case: {"reason": "依文件调整"} for act in ("pause", "reopen", "abolish")},
    "api_matter_merge": lambda case: {"reason": "依文件调整", "into": "MZ-005"},
    **{f"api_matter_closing_{act}": lambda case: {"closing": NOBODYS} for act in ("confirm", "drop")},
    "api_drafts": lambda case: {"matter": "MZ-004"},
    "api_draft": lambda case: {"version": 1, "content": {}},
    **{f"api_draft_{act}": lambda case: {"version": 1, "reason": "不改了"} for act in ("check", "approve", "drop")},
    "api_cases": lambda case: {"matter": "NY-003", "hall": GAOQIAO, "applicant": _who()},
    "api_case_search": lambda case: {"id_number": an_id_number()},
    "api_case_reveal": lambda case: {"reason": "核对身份证原件"},
    "api_case_applicant": lambda case: _who(),
    "api_case_form": lambda case: {"form": {"户数": 1}},
    "api_case_declared": lambda case: {"materials": {"1": "have"}},
    "api_case_upload": _a_file,
    "api_case_handle_immediately": lambda case: {
        "materials": {str(line.seq): "ok" for line in _known(case).materials.all()},
        "way": "counter", "receiver": "张大山", "signature": SIGNATURE,
    },
    "api_verb_accept": lambda case: {"materials": ALL_OK},
    "api_verb_request_correction": lambda case: {"materials": {"1": {"result": "missing", "reason": "缺申请表"}}},
    "api_verb_decline": lambda case: {"reason": "无需办理", "reason_class": "no_permit_needed"},
    "api_verb_tell": lambda case: {"way": "phone", "note": "本人接听"},
    "api_verb_extend": lambda case: {"days": 5, "reason": "需要专家论证", "was_told": True},
    "api_verb_pass_on": lambda case: {"opinion": "上次已经公示"},
    "api_verb_resume": lambda case: {"note": "无异议"},
    "api_verb_suspend": lambda case: {"was_told": True},
    "api_verb_step_back": lambda case: {"reason": "请补充意见"},
    "api_verb_refuse": lambda case: {"reason": "不符合条件"},
    "api_verb_withdraw": lambda case: {"reason": "申请人要求"},
    "api_verb_hand_over": lambda case: {"to_hall": GAOQIAO},
    "api_verb_deliver": lambda case: {"way": "counter", "receiver": "张大山", "signature": SIGNATURE},
}  # fmt: skip
PAGE_BODIES: dict[str, Callable[[Case], dict[str, Any]]] = {
    "rate": lambda case: {"level": "5"},
    "rate_start": lambda case: {"number": _known(case).number, "code": rating_token(_known(case).number or "")},
    "progress": lambda case: {"number": _known(case).number, "code": code_of(_known(case))},
    "case_reveal": lambda case: {"reason": "核对身份证原件"},
    "case_verb": lambda case: {"version": _known(case).version, "opinion": "准予"},
    "material_upload": _a_file,
    "matter_close": lambda case: {"reason": "依文件调整", "version": 1},
    "case_urge": lambda case: {"reason": "临近到期，请抓紧办理"},
    "order_new": lambda case: {
        "organ": GAOQIAO, "title": "代办点无人值守", "facts": "上午抽查无人", "demand": "查明原因", "basis": "督办办法",
    },
    "intake": lambda case: {"matter": "NY-003"},
    "intake_applicant": lambda case: {"version": _known(case).version, **_who()},
    "intake_details": lambda case: {"version": _known(case).version},
    "intake_materials": lambda case: {
        "version": _known(case).version, **{f"declared_{line.seq}": "have" for line in _known(case).materials.all()},
    },
    "intake_check": lambda case: {"version": _known(case).version, "applicant_checked": "on"},
}  # fmt: skip
