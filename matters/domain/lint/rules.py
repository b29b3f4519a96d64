"""The table of rules: what each is called, how grave a breach is, where it is written, and why it matters."""

from __future__ import annotations

from matters.domain.lint import citations as cite
from matters.domain.lint.elements import ELEMENT_RULES
from matters.domain.lint.finding import Finding, Rule

_LIMITS = (
    Rule("promise-over-statute", "error", "承诺时限超过法定时限", f"{cite.PERMIT_TERM}；{cite.COUNTING}",
         "承诺只能比法定更短。单位不同时按最不利的普通周换算：从一周中哪天起算工作日最少，就按哪天算。"),
    Rule("statute-erased", "error", "现行指南的法定时限被删去", cite.PERMIT_TERM,
         "法定时限由法律规定，本县删不掉。法律改了的，写明是哪部法的哪一条。"),
    Rule("promise-over-statute-in-holidays", "warning", "遇长假时承诺会晚于法定", cite.COUNTING,
         "自然日连着走，工作日遇长假停。按历年最长的假期（春节连休九天）算，承诺的日子会落在法定到期日之后。"),
    Rule("permit-promise-over-20", "error", "许可承诺超过二十个工作日", cite.PERMIT_TERM,
         "没有特别法另行规定的，行政许可自受理之日起二十个工作日内决定。"),
    Rule("permit-limit-in-calendar-days", "warning", "行政许可的时限写成自然日", cite.PERMIT_DAYS,
         "许可法律里只写“日”的，按工作日计。写成自然日会让到期日提前，红黄灯也会亮错。"),
    Rule("promise-over-province", "error", "承诺比省平台长", cite.HALL_PROMISE,
         "同一事项，县乡的承诺必须与省平台一致或更短。"),
    Rule("promise-is-not-the-steps", "error", "环节天数之和不等于承诺", cite.GUIDE_STEPS,
         "每个环节的天数加起来就是承诺。不相等时，环节的灯和总时限的灯会互相矛盾。"),
    Rule("compression-below-target", "hint", "压缩比例低于目标", cite.SHORTER,
         "办理时限应比法定时限明显减少，本县目标是减一半。"),
    Rule("figure-not-verified", "warning", "时限是示例数据", cite.HALL_SAME,
         "这个数字没有对照过省实施清单或法条，公布以前必须核对。页面上标着“示例数据”。"),
)  # fmt: skip
_STEPS = (
    Rule("steps-not-in-order", "error", "环节没有按顺序编号", cite.GUIDE_STEPS, "件按序号一环一环地走。"),
    Rule("first-step-is-not-acceptance", "warning", "第一个环节不是受理", cite.GUIDE_STEPS,
         "承诺从受理起算，受理之前没有环节可以计时。"),
    Rule("no-deciding-step", "error", "没有决定环节", cite.GUIDE_STEPS, "没有人作决定，件就办不结。"),
    Rule("decision-at-another-level", "error", "决定环节不在决定层级", cite.GUIDE_STEPS,
         "谁有权决定由法律定，最后的决定必须在那一级。"),
    Rule("work-after-the-decision", "error", "决定之后还有审查", cite.PERMIT_UNCOUNTED,
         "查明事实要在决定以前；决定以后只应有公示、制证、送达。"),
    Rule("immediate-too-long", "error", "即办件超过一天", cite.HALL_INSTANT, "即办件即来即办，当场或当日办结。"),
    Rule("immediate-too-many-steps", "error", "即办件超过两个环节", cite.HALL_INSTANT,
         "即办件的办理流程不超过两个环节。"),
    Rule("immediate-not-decided-in-the-hall", "warning", "即办件不由首席代表决定", cite.HALL_INSTANT,
         "人在大厅当场能办结，是因为首席代表得到了授权。"),
    Rule("promised-but-immediate", "warning", "承诺当场办结却是承诺件", cite.LISTS, "办件类型和时限互相矛盾。"),
    Rule("counted-step-not-in-working-days", "error", "计入时限的环节不按工作日", cite.COUNTING,
         "承诺按工作日计，单位不同的天数加不起来。"),
    Rule("special-step-without-days", "warning", "特别程序没有天数", cite.PERMIT_UNCOUNTED,
         "不计入时限的时间要事先告诉申请人有多长。"),
    Rule("same-step-twice", "hint", "环节重名", cite.GUIDE_STEPS, "同名的环节让申请人看不懂走到哪里了。"),
    Rule("steps-without-standard", "warning", "部分环节没有审查标准", cite.GUIDE_STEPS,
         "审查什么、怎样算通过，应当事先写明。"),
    Rule("steps-without-result", "warning", "环节没有写办理结果", cite.GUIDE_STEPS,
         "每个环节出什么文书、什么意见，应当写明。"),
)  # fmt: skip
_MATERIALS = (
    Rule("material-without-ground", "warning", "材料没有依据", cite.GUIDE_GROUND, "没有依据的材料不能要。"),
    Rule("material-without-source", "warning", "材料没有来源渠道", cite.GUIDE_MATERIALS,
         "要让人知道到哪里去拿这份材料。"),
    Rule("materials-without-standard", "hint", "材料没有受理标准", cite.GUIDE_MATERIALS,
         "写明怎样的材料才收，窗口才不会各说各的。"),
    Rule("agency-not-named", "error", "中介材料没有写机构类别", cite.GUIDE_AGENCY,
         "不写机构类别或资质，申请人会找错机构、白花钱。"),
    Rule("issuer-not-named", "warning", "没有写核发部门", cite.GUIDE_MATERIALS, "部门核发的材料要写明是哪个部门。"),
    Rule("asked-though-shareable", "error", "能共享的材料仍要提交", cite.GUIDE_SHARED,
         "部门之间查得到的，不得再让群众跑腿去拿；可以请群众确认。"),
    Rule("shareable-from-nobody", "warning", "可共享却是申请人自备", cite.GUIDE_SHARED,
         "申请人自己写的材料没有部门可以共享，两项互相矛盾。"),
    Rule("template-of-an-issued-document", "error", "证照被标为有空表样表", cite.GUIDE_FORMS,
         "身份证一类由部门核发的材料没有空表可填。"),
    Rule("form-not-offered", "warning", "表格没有提供空表", cite.GUIDE_FORMS, "要填的表应当免费提供空表和样表。"),
    Rule("form-without-blank", "warning", "没有上传空表", f"{cite.GUIDE_FORMS}；{cite.PERMIT_NOTICE}",
         "说有空表，网上却下载不到。"),
    Rule("form-without-sample", "warning", "没有上传样表", f"{cite.GUIDE_FORMS}；{cite.PERMIT_NOTICE}",
         "有填好的样子可看，才能一次填对。"),
    Rule("file-not-found", "error", "空表或样表文件不存在", cite.GUIDE_FORMS, "指南写着的文件打不开。"),
    Rule("copies-contradict-form", "error", "份数和形式矛盾", cite.GUIDE_MATERIALS,
         "写复印件却是 0 份，窗口不知道收什么。"),
    Rule("same-material-twice", "error", "材料重复", cite.GUIDE_MATERIALS, "同一份材料不得要两次。"),
    Rule("material-asked-in-other-words", "hint", "疑似同一份材料换了名称", cite.GUIDE_MATERIALS,
         "名称不同、其实是同一份的，只收一次。"),
)  # fmt: skip
_CIRCUMSTANCES = (
    Rule("circumstance-not-said", "warning", "按情形的材料没有写情形", cite.GUIDE_MATERIALS,
         "不写什么情形，每个人都会以为自己要交。"),
    Rule("required-and-by-circumstance", "warning", "既必要又按情形", cite.GUIDE_MATERIALS, "两处说法不一致。"),
    Rule("option-asks-unknown-material", "error", "选项要的材料不在清单里", cite.GUIDE_MATERIALS,
         "清单以外的材料不得要。"),
    Rule("question-without-choice", "error", "情形问题没有选择", cite.GUIDE_PLAIN, "只有一个答案的问题不必问。"),
    Rule("question-refuses-everybody", "error", "每个选项都不能办", cite.GUIDE_PLAIN, "这样谁也申请不了。"),
    Rule("question-changes-nothing", "hint", "问了也没有区别", cite.GUIDE_PLAIN, "答案不改变什么，就不要问。"),
    Rule("option-twice", "error", "选项重复", cite.GUIDE_PLAIN, "两个一样的选项，选哪个说不清。"),
)  # fmt: skip
_RESULTS = (
    Rule("fee-contradicts", "error", "不收费却有收费项目", cite.PERMIT_FEE, "收不收费只能有一个说法。"),
    Rule("fee-without-amount", "warning", "收费标准没有金额", cite.PERMIT_FEE, "收费要公布标准，群众要知道带多少钱。"),
    Rule("fee-item-incomplete", "error", "收费项目缺标准或依据", cite.PERMIT_FEE, "没有依据和标准的，不得收费。"),
    Rule("permit-without-remedies", "error", "许可没有写救济途径", cite.PERMIT_REMEDY,
         "不予许可时必须告知申请行政复议或者提起行政诉讼的权利。"),
    Rule("refusal-without-remedies", "warning", "没有写救济途径", cite.REMEDY, "被拒绝的人应当知道还能找谁。"),
    Rule("remedies-incomplete", "error", "救济途径不完整", cite.PERMIT_REMEDY, "复议和诉讼两条途径都要写。"),
    Rule("visits-without-reason", "warning", "多次到场没有理由", cite.ONE_VISIT, "最多跑一次；要多跑的写明理由。"),
    Rule("licence-without-validity", "hint", "证照没有有效期", cite.LISTS, "不写有效期，到期续办就没有人提醒。"),
    Rule("timeout-without-basis", "error", "超时默认没有依据", cite.TIMEOUT, "没有依据的默认不能生效。"),
    Rule("timeout-not-allowed", "error", "超时默认不适用于这个事项", cite.TIMEOUT,
         "涉及资金、安全、身份、他人利益的，不能因超时而自动准予。"),
)  # fmt: skip
_IDENTIFIERS = (
    Rule("basic-code-wrong", "error", "基本编码不合规则", cite.CODE_BASIC, "编码错了，上报省平台会被退回。"),
    Rule("task-code-wrong", "error", "实施编码不合规则", cite.CODE_TASK,
         "由 18 位统一社会信用代码、1 位行使层级和 12 位基本编码组成。"),
    Rule("variant-code-wrong", "error", "业务办理项编码不合规则", cite.CODE_VARIANT, "由实施编码加两位序号组成。"),
    Rule("variant-twice", "error", "业务办理项重复", cite.HALL_VARIANTS, "每个业务办理项只列一次。"),
    Rule("own-parent", "error", "上级事项是自己", cite.LISTS, "主项和子项不能是同一个。"),
    Rule("name-taken", "error", "事项重名", cite.HALL_SAME, "两个同名的事项，群众不知道该申请哪一个。"),
    Rule("alias-is-another-matter", "warning", "别名是另一个事项", cite.GUIDE_PLAIN, "搜索时会找错事项。"),
    Rule("alias-twice", "hint", "别名重复", cite.GUIDE_PLAIN, "写一次就够。"),
    Rule("entrusted-by-nobody", "warning", "没有写委托机关", cite.LISTS, "受委托办理的，以委托机关的名义作决定。"),
    Rule("village-role-contradicts", "error", "村级角色与受理层级矛盾", cite.LISTS, "村里受不受理，只能有一个说法。"),
)  # fmt: skip
_WORDS = (
    Rule("catch-all-material", "error", "兜底材料", cite.NO_CATCH_ALL, "“其他材料”“相关材料”让窗口想要什么就要什么。"),
    Rule("open-list", "warning", "材料没有列全", cite.NO_CATCH_ALL, "用“等”结尾的清单，群众不知道要带什么。"),
    Rule("catch-all-condition", "error", "兜底条件", cite.NO_CATCH_ALL, "“其他条件”让人不知道自己够不够条件。"),
    Rule("vague-condition", "warning", "条件没有标准", cite.GUIDE_PLAIN, "“符合有关规定”等于没说，要写出标准。"),
    Rule("long-sentence", "hint", "句子太长", cite.GUIDE_PLAIN, "手机上一屏读不完的句子，老人看不懂。"),
    Rule("office-language", "hint", "公文用语", cite.GUIDE_PLAIN, "换成群众日常说的话。"),
    Rule("unknown-abbreviation", "hint", "缩写没有解释", cite.GUIDE_PLAIN, "不是每个人都知道这个缩写。"),
    Rule("double-negation", "hint", "双重否定", cite.GUIDE_PLAIN, "绕着说容易看反。"),
)  # fmt: skip

RULES = {
    rule.code: rule
    for rules in (ELEMENT_RULES, _LIMITS, _STEPS, _MATERIALS, _CIRCUMSTANCES, _RESULTS, _IDENTIFIERS, _WORDS)
    for rule in rules
}


def found(code: str, place: str, message: str, cure: str) -> Finding:
    """Return a finding with the grade and the citation of its rule."""
    rule = RULES[code]
    return Finding(code, rule.severity, place, message, cure, rule.citation)
