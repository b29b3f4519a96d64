"""Sample data of a case for the living style sheet."""

from datetime import datetime, timedelta, timezone
from typing import Any

CST = timezone(timedelta(hours=8))


def case_parts() -> dict[str, Any]:
    """What a case page shows."""
    return {
        "stair": [
            {
                "level": "village",
                "name": "收件",
                "where": "高桥村便民服务点",
                "who": "代办员",
                "when": "3月2日 09:12",
                "days": "当天",
                "state": "done",
            },
            {
                "level": "township",
                "name": "受理",
                "where": "朱衣镇便民服务中心",
                "who": "综合窗口",
                "when": "3月3日 10:40",
                "days": "用 1 个工作日",
                "state": "done",
            },
            {
                "level": "township",
                "name": "审查",
                "where": "朱衣镇民政办",
                "who": "审查员",
                "when": "3月4日起",
                "days": "限 4 个工作日",
                "state": "current",
                "light_kind": "yellow",
                "light_words": "还剩 1 个工作日",
                "ask": "请在 3 月 10 日前入户调查，写出调查意见。",
            },
            {
                "level": "township",
                "name": "公示",
                "where": "高桥村公示栏",
                "days": "7 天，不计入时限",
                "state": "paused",
            },
            {
                "level": "county",
                "name": "决定",
                "where": "县民政局",
                "who": "首席代表",
                "days": "限 3 个工作日",
                "state": "todo",
            },
            {
                "level": "township",
                "name": "出件",
                "where": "朱衣镇便民服务中心",
                "days": "限 2 个工作日",
                "state": "todo",
            },
            {"level": "village", "name": "送到您手上", "where": "高桥村便民服务点", "state": "todo"},
        ],
        "waterfall": [
            {"name": "受理", "who": "朱衣镇综合窗口", "start": 0, "used": 1, "slice": 1, "words": "当天办完"},
            {
                "name": "审查",
                "who": "朱衣镇民政办",
                "start": 1,
                "used": 6,
                "slice": 4,
                "over": 2,
                "light_kind": "red",
                "words": "超 2 个工作日",
            },
            {
                "name": "公示",
                "who": "高桥村",
                "start": 7,
                "paused": 4,
                "used": None,
                "slice": None,
                "words": "挂起 7 天，不计时",
            },
            {
                "name": "决定",
                "who": "县民政局",
                "start": 11,
                "used": 1.5,
                "slice": 3,
                "words": "正在办，还剩 1.5",
                "current": True,
            },
            {"name": "送达", "who": "高桥村便民服务点", "start": "", "used": None, "slice": 2, "words": "还没到"},
        ],
        "facts": [
            {"term": "事项", "text": "最低生活保障审核确认", "url": "#guide"},
            {"term": "申请人", "text": "张*（户主）"},
            {"term": "代办", "text": "高桥村便民服务点 李*"},
            {"term": "纸质材料在", "text": "朱衣镇便民服务中心 2 号柜"},
            {"term": "承诺时限", "text": "10 个工作日"},
        ],
        "timeline": [
            {
                "at": datetime(2026, 3, 9, 0, 1, tzinfo=CST),
                "is_system": True,
                "what": "本环节转黄灯",
                "light_kind": "yellow",
                "light_words": "还剩 1 个工作日",
            },
            {
                "at": datetime(2026, 3, 4, 15, 20, tzinfo=CST),
                "who": "王*",
                "post": "民政办审查员",
                "what": "请求入户核查",
                "reason": "收入证明与公积金缴存基数不一致，需入户核实。",
            },
            {
                "at": datetime(2026, 3, 3, 10, 40, tzinfo=CST),
                "who": "陈*",
                "post": "综合窗口受理员",
                "what": "受理",
                "document_url": "#doc",
                "document_label": "受理通知书 奉政务受〔2026〕123号",
                "kind": "good",
            },
            {"at": datetime(2026, 3, 2, 9, 12, tzinfo=CST), "who": "李*", "post": "村代办员", "what": "提交"},
        ],
        "documents": [
            {
                "title": "受理通知书",
                "number": "奉政务受〔2026〕123号",
                "at": datetime(2026, 3, 3, 10, 40, tzinfo=CST),
                "url": "#doc",
            }
        ],
        "materials": [
            {
                "key": "m1",
                "name": "最低生活保障申请书",
                "why": "写明家庭成员和申请理由",
                "necessity": "必要",
                "form_words": "原件 1 份",
                "sample_url": "#s",
                "blank_url": "#b",
                "states": check("ok"),
            },
            {
                "key": "m2",
                "name": "户口簿",
                "why": "证明共同生活的家庭成员",
                "necessity": "必要",
                "form_words": "复印件 1 份，验原件",
                "states": check("wrong"),
                "reason_name": "r2",
                "reasons": [
                    {"value": "page", "label": "缺第 3 页", "selected": True},
                    {"value": "blur", "label": "拍得不清"},
                ],
                "files": [{"url": "#f1", "label": "户口簿 1.jpg"}, {"url": "#f2", "label": "户口簿 2.jpg"}],
            },
            {
                "key": "m3",
                "name": "残疾人证",
                "why": "有残疾人的家庭才要",
                "necessity": "可容缺",
                "states": check(""),
                "upload_name": "m3_files",
                "error": "照片打不开，请重新拍一张上传。",
            },
        ],
        "pictures": [{"url": "page1.svg", "label": "户口簿 第 1 页"}, {"url": "page2.svg", "label": "户口簿 第 2 页"}],
    }


def check(chosen: str) -> list[dict[str, Any]]:
    """The window's three answers about a paper."""
    words = [("ok", "合格"), ("lack", "缺"), ("wrong", "错")]
    return [{"value": value, "label": label, "checked": value == chosen} for value, label in words]
