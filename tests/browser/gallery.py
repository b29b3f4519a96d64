# ruff: noqa: RUF001, E501  (official wording keeps its own brackets; a sentence is one line)
"""Sample data for the living style sheet (templates/components/_gallery.html); no database, no clock."""

from datetime import date, datetime
from typing import Any

from django import forms

from tests.browser.gallery_case import CST, case_parts

NOW = datetime(2026, 3, 9, 10, 32, tzinfo=CST)
QR = (
    '<svg viewBox="0 0 21 21" role="img" aria-label="查询进度的二维码">'
    '<path d="M0 0h7v7H0zM14 0h7v7h-7zM0 14h7v7H0zM9 1h2v3H9zM9 9h5v2H9zM16 10h4v3h-4zM9 15h3v5H9zM15 16h5v2h-5z"/>'
    '<path fill="#fff" d="M1 1h5v5H1zM15 1h5v5h-5zM1 15h5v5H1z"/><path d="M2 2h3v3H2zM16 2h3v3h-3zM2 16h3v3H2z"/></svg>'
)


class SampleForm(forms.Form):
    """Every kind of control, two of them wrong."""

    name = forms.CharField(label="姓名", help_text="与身份证上的一样。")
    phone = forms.CharField(label="手机号", error_messages={"required": "请填 11 位手机号，没有手机的填村委会电话。"})
    relation = forms.ChoiceField(
        label="您和申请人是什么关系",
        widget=forms.RadioSelect,
        choices=[("self", "本人"), ("family", "家属"), ("proxy", "村干部代办")],
        error_messages={"required": "请选一项。"},
    )
    kinds = forms.MultipleChoiceField(
        label="家里有下面的情况吗",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("a", "重病"), ("b", "重度残疾"), ("c", "上学")],
    )
    reason = forms.ChoiceField(label="申请原因", choices=[("1", "因病"), ("2", "因残"), ("3", "缺劳力")])
    story = forms.CharField(label="家庭情况", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    born = forms.DateField(label="出生日期", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    agreed = forms.BooleanField(label="申请人在场，同意由我代办")


def rows() -> list[dict[str, Any]]:
    """A work list with every colour."""
    lights = [
        ("red", "已超 1 个工作日"),
        ("yellow", "还剩 1 个工作日"),
        ("yellow", "今天到期"),
        ("paused", "公示至 3 月 11 日"),
        ("green", "还剩 3 个工作日"),
        ("green", "还剩 9 个工作日"),
        ("done", "提前 2 天"),
        ("none", ""),
    ]
    matters = [
        "最低生活保障审核确认",
        "农村宅基地和建房（规划许可）审批",
        "城乡居民基本养老保险待遇申领",
        "特困人员供养审核确认",
        "再生育审批",
        "林木采伐许可（个人）",
        "老年优待证办理",
        "医疗救助",
    ]
    villages = ["高桥村", "白帝村", "坪上社区", "三江村", "朱衣社区", "长龙村", "高桥村", "青龙社区"]
    names = ["张*", "李*国", "王*", "陈*英", "冉*", "欧阳*", "向*平", "谭*"]
    asked = ["受理或告知补正", "签收纸质材料", "审查", "等公示结束", "审查", "决定", "交给申请人", "补齐草稿"]
    return [
        {
            "id": place,
            "number": f"奉政办 2026-{412 + 37 * place:06d}",
            "url": f"#case-{place}",
            "light_kind": lights[place][0],
            "light_words": lights[place][1],
            "matter": matters[place],
            "applicant": names[place],
            "village": villages[place],
            "since": date(2026, 3, 2 + place),
            "waiting": f"{8 - place} 天",
            "asked": asked[place],
            "due_url": "#statement",
            "due": date(2026, 3, 6 + place * 2) if lights[place][0] not in ("paused", "none") else None,
            "due_provisional": place == 5,
            "current": place == 1,
        }
        for place in range(8)
    ]


def frame() -> dict[str, Any]:
    """What the context processors give to every page."""
    labels = [
        ("我的待办", 12),
        ("在办", 86),
        ("补正", 5),
        ("超期", 1),
        ("已办", ""),
        ("新办", ""),
        ("查询", ""),
        ("事项", ""),
        ("监察", 3),
    ]
    return {
        "county_name": "奉节县",
        "system_name": "政务服务大厅",
        "hall_name": "朱衣镇便民服务中心",
        "post_title": "综合窗口受理员",
        "person_name": "陈小英",
        "bell_url": "#bell",
        "bell_count": 3,
        "nav": [
            {"label": label, "url": f"#nav-{place}", "count": count, "current": place == 0, "apart": place in (5, 8)}
            for place, (label, count) in enumerate(labels)
        ],
        "banners": [
            {"kind": "demo", "text": "示例数据：人和办件都是编的。"},
            {"kind": "proxy", "text": "正在为 张* 代办", "action_url": "#end", "action_label": "结束代办"},
            {
                "kind": "danger",
                "text": "巡检已停 23 分钟，下面的灯可能不是现在的颜色。",
                "action_url": "#sweep",
                "action_label": "看巡检记录",
            },
            {
                "kind": "warning",
                "text": "2027 年放假安排未发布，跨年的到期日为暂算。",
                "action_url": "#calendar",
                "action_label": "去导入",
            },
        ],
        "breadcrumbs": [{"label": "首页", "url": "#home"}, {"label": "我的待办"}],
        "footer": {
            "organiser": "奉节县政务服务管理办公室",
            "address": "永安街道少陵路 1 号",
            "phone": "023-56550000",
            "complaint_phone": "12345",
            "hours": "周一至周五 9:00–17:00，赶场日延时到 18:00",
            "icp": "渝ICP备 示例 号",
            "links": [{"label": "下载空表", "url": "#blank"}, {"label": "附近的大厅", "url": "#halls"}],
        },
        "public_nav": [
            {"label": "办事指南", "url": "#guides", "current": True},
            {"label": "查进度", "url": "#progress"},
            {"label": "大厅在哪儿", "url": "#halls2"},
            {"label": "评价与投诉", "url": "#complain"},
        ],
        "search_url": "#search",
    }


def gallery() -> dict[str, Any]:
    """All the context of the gallery page."""
    form = SampleForm({"name": "张三", "reason": "1"})
    state = ["done", "done", "done", "current", "todo", "todo", "todo"]
    return {
        **frame(),
        **case_parts(),
        "page_title": "组件样张",
        "page_lead": "每个组件一份，数据是编的；改样式先看这一页。",
        "form": form,
        "due": date(2026, 3, 20),
        "now": NOW,
        "rows": rows(),
        "qr_svg": QR,
        "exports": [{"label": label, "url": "#"} for label in ("导出 Excel", "导出 CSV")],
        "lights": [{"kind": row["light_kind"], "words": row["light_words"]} for row in rows()],
        "tags": [
            {"text": text, "kind": kind}
            for text, kind in [
                ("草稿", "draft"),
                ("在办", "active"),
                ("补正中", "waiting"),
                ("挂起", "paused"),
                ("准予", "good"),
                ("退件", "ended"),
            ]
        ],
        "tiles": [
            {"label": "在办", "value": 1286, "unit": "件", "url": "#t1", "note": "比昨天多 14 件"},
            {"label": "今日到期", "value": 12, "unit": "件", "url": "#t2"},
            {"label": "黄灯", "value": 7, "unit": "件", "url": "#t3", "kind": "yellow"},
            {"label": "红灯", "value": 1, "unit": "件", "url": "#t4", "kind": "red"},
            {"label": "按时率", "value": "99.4", "unit": "%", "url": "#t5", "definition": "按时办结 ÷ 全部办结，本月"},
            {"label": "压缩率", "value": "61", "unit": "%", "url": "#t6", "definition": "1 − 承诺 ÷ 法定"},
        ],
        "tabs": [
            {"label": "等我办", "url": "#a", "current": True, "count": 12},
            {"label": "等别人", "url": "#b", "count": 31},
            {"label": "今天办完的", "url": "#c", "count": 0},
        ],
        "filter_fields": [
            {
                "name": "matter",
                "label": "事项",
                "kind": "select",
                "options": [{"value": "", "label": "全部"}, {"value": "1", "label": "低保"}],
            },
            {"name": "village", "label": "来自", "kind": "select", "options": [{"value": "", "label": "全部"}]},
            {"name": "since", "label": "收到日期", "kind": "date"},
            {"name": "q", "label": "编号或申请人", "kind": "text"},
        ],
        "filter_chips": [{"label": "黄灯", "remove_url": "#x"}, {"label": "朱衣镇", "remove_url": "#y"}],
        "steps": [
            {"label": label, "url": f"#step-{place}", "state": state[place]}
            for place, label in enumerate(["给谁办", "办什么事", "几个问题", "材料", "委托", "核对", "回执"])
        ],
        "tasks": [
            {"label": "给谁办", "url": "#1", "hint": "张* 5002361968…", "state": "done", "state_words": "已填"},
            {"label": "办什么事", "url": "#2", "state": "done", "state_words": "已填"},
            {"label": "材料", "url": "#3", "hint": "共 6 份", "state": "missing", "state_words": "缺 2 份"},
            {"label": "委托", "url": "#4", "state": "doing", "state_words": "填了一半"},
            {"label": "核对并提交", "state": "locked", "state_words": "填完上面才能交"},
        ],
        "answers": [
            {"label": "姓名", "value": "张三", "change_url": "#n"},
            {"label": "身份证号", "value": "5002************12", "change_url": "#i"},
            {"label": "住址", "value": "朱衣镇高桥村 3 组", "change_url": "#d", "note": "户口簿上的地址"},
            {"label": "委托书", "value": "还没有上传", "missing": True, "change_url": "#w"},
        ],
        "next_steps": [
            "镇窗口 1 个工作日内看材料，缺什么会一次告诉您。",
            "3 月 20 日前出结果，村里通知您来取。",
            "取的时候带身份证。有问题打 023-56550000。",
        ],
        "consequence": ["作废后不能恢复，编号不再使用。", "申请人会收到通知，可以重新申请。"],
        "verbs": [
            {"label": "受理", "kind": "primary", "name": "verb", "value": "accept"},
            {"label": "一次性告知补正", "kind": "quiet", "url": "#correct"},
            {"label": "容缺受理", "kind": "quiet", "url": "#tolerant"},
            {"label": "不予受理", "kind": "danger", "url": "#decline"},
        ],
    }


def paper() -> dict[str, Any]:
    """One official paper."""
    return {
        "organ": "奉节县朱衣镇便民服务中心",
        "title": "受理通知书",
        "number": "奉政务受〔2026〕123号",
        "to": "张*：",
        "sample": "示例数据",
        "paragraphs": [
            "你于 2026 年 3 月 2 日提出的最低生活保障审核确认申请，材料齐全，符合法定形式。根据《中华人民共和国行政许可法》第三十二条，现予受理。"
        ],
        "facts": [
            {"term": "办件编号", "text": "奉政办 2026-000123"},
            {"term": "承诺办结日", "text": "2026年3月20日（周五）"},
            {"term": "下一年到期", "text": "2027年1月6日（周三）", "provisional": True},
        ],
        "columns": ["序号", "材料", "份数"],
        "rows": [["1", "最低生活保障申请书", "原件 1 份"], ["2", "户口簿", "复印件 1 份，已验原件"]],
        "after": [
            "公示、入户核查的时间不计入办理期限。结果出来后由高桥村便民服务点通知你领取，请带身份证。",
            "你可以扫描左下方二维码查询办理进度，查询码 8K3M72QX；对办理有意见的，可以拨打 12345。",
        ],
        "sign_organ": "奉节县朱衣镇便民服务中心",
        "sign_date": date(2026, 3, 3),
        "qr_svg": QR,
        "qr_note": "扫码查进度",
        "receipt_lines": ["申请人（代办人）签收：", "日期："],
    }
