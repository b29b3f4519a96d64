"""Rules about wording: nothing open-ended is asked, and a villager understands what is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matters.domain.catalogue import MatterRecord
from matters.domain.lint.finding import Finding, LintContext
from matters.domain.lint.rules import found

LONGEST_SENTENCE = 60
_CATCH_ALL_MATERIAL = re.compile(
    r"其[他它](?:相关|有关|必要|所需|需要|应当|应|补充|证明|申请|佐证|要件|应提交|需提供|规定)*的?(?:材料|资料|文件|证明|证件|手续)"
    r"|(?:需要|要求|规定|认为)(?:提供|提交|应提交)?的其[他它]"
    r"|(?:相关|有关|必要的?|等)(?:证明|佐证|补充)?(?:材料|资料|证件|手续)|(?:相关|有关)的?(?:文件|证明)"
)
_CATCH_ALL_CONDITION = re.compile(
    r"其[他它](?:相关|有关|必要|规定)?的?(?:条件|要求|情形)|(?:规定|要求)的其[他它]|等(?:相关|有关)?(?:条件|要求)"
)
# A list of examples in brackets stands for a kind of paper that has a name: 亲属关系证明（结婚证、户口簿等）.
_EXAMPLES = re.compile(r"[（(][^（）()]*等[）)]")
_OPEN_LIST = re.compile(r"[、，][^、，（(]*等(?:证据|收入|费用|证明|文件)|等$")
# 等 that does not mean "and so on".
_NOT_AND_SO_ON = re.compile(r"等[级额同价距效待值次于]|[平同中高初均相优对]等")
_VAGUE = re.compile(
    r"(?:符合|按照?|依照|满足)(?:当地|本地|国家|有关|相关|各地)+的?(?:有关|相关)?(?:规定|政策|要求|条件|标准)"
)
_VAGUE_SIMPLE = re.compile(r"符合规定$|符合(?:认定|奖励|评定|相关|有关)(?:标准|条件)$|符合[^，。；]{0,6}规定的设立条件")
_DOUBLE_NEGATION = re.compile(
    r"不得不|无不|非[^，。；]{1,10}不(?:得|予|可)|未[^，。；]{1,10}不得|不[^，。；]{0,6}不予|没有[^，。；]{1,8}不(?:能|得|予)|并非不|不无"
)
_LETTERS = re.compile(r"[A-Za-z]{2,}")
KNOWN_LETTERS = frozenset({"PDF", "JPG", "APP", "OFD", "WORD", "EXCEL"})
# Office language, and what a villager would say. Source of the principle: 鞍政办发〔2020〕19号 二(三)9, clear guides.
PLAIN = {
    "建档立卡": "已登记为脱贫户（建档立卡）", "属地管理": "到户籍地或居住地办", "容缺": "可以后补",
    "要件": "必须有的材料",
    "法定义务人": "依法应当赡养、抚养、扶养的人", "权籍调查": "测量房屋土地并查清权属", "承受单位": "接收的单位",
    "一次性告知": "一次说清", "自愿签约": "自己愿意签约", "康复适应指征": "医生认为适合做康复", "给付": "发放",
    "兑付": "发钱", "申领": "申请领取", "用途管制": "土地只能按规定的用途使用", "权属来源": "房屋土地是怎么来的",
    "四至": "东南西北的边界", "界址": "土地的边界", "主管单位": "管这件事的部门", "不予": "不",
    "诚信承诺": "保证填的都是真的",
    "核对授权": "同意查家里的收入和财产", "布点规划": "哪里可以开店的规划", "禁建区域": "不准建的地方",
    "利害关系": "会受影响", "无异议": "没有人反对", "免冠": "不戴帽子", "限额以上": "达到规定规模的",
}  # fmt: skip


def word_rules(record: MatterRecord, _context: LintContext) -> Iterator[Finding]:
    for index, material in enumerate(record.materials):
        yield from _catch_all_material(material.name, f"materials[{index}].name")
        yield from _catch_all_material(material.note, f"materials[{index}].note")
    for index, text in enumerate(record.conditions):
        yield from _condition(text, f"conditions[{index}]")
    for place, text in spoken(record):
        yield from _plain(text, place)


def spoken(record: MatterRecord) -> Iterator[tuple[str, str]]:
    """Give what citizens read as running text, with its place."""
    yield "name", record.name
    for index, text in enumerate(record.conditions):
        yield f"conditions[{index}]", text
    for index, material in enumerate(record.materials):
        for name in ("name", "necessity_note", "note", "standard", "fill_note"):
            yield f"materials[{index}].{name}", getattr(material, name)
    for name in ("visits_note", "booking", "remedies", "fee_standard"):
        yield name.replace("fee_", "fee."), getattr(record, name)
    for index, question in enumerate(record.questions):
        yield f"questions[{index}].text", question.text
        for number, option in enumerate(question.options):
            yield f"questions[{index}].options[{number}].refusal", option.refusal
    for index, one in enumerate(record.faq):
        yield f"faq[{index}].answer", one.answer


def is_catch_all(text: str) -> bool:
    """Whether a material's text asks for whatever the office may think of."""
    plain = _NOT_AND_SO_ON.sub("", _EXAMPLES.sub("", text))
    return bool(_CATCH_ALL_MATERIAL.search(plain))


def _catch_all_material(text: str, place: str) -> Iterator[Finding]:
    if is_catch_all(text):
        yield found("catch-all-material", place, f"“{text}”没有说清是哪一份材料。", "请写明材料名称，或删去这一项。")
    elif place.endswith("name") and _OPEN_LIST.search(_NOT_AND_SO_ON.sub("", _EXAMPLES.sub("", text))):
        yield found("open-list", place, f"“{text}”用“等”代替了没有列出的材料。", "请列全，或写成有名称的一类材料。")


def _condition(text: str, place: str) -> Iterator[Finding]:
    plain = _NOT_AND_SO_ON.sub("", text)
    if "除外" not in plain and _CATCH_ALL_CONDITION.search(plain):
        yield found("catch-all-condition", place, f"条件“{text}”是兜底条款。", "请逐条写明条件，写不出的不要作为条件。")
    elif _VAGUE.search(plain) or _VAGUE_SIMPLE.search(plain):
        yield found(
            "vague-condition",
            place,
            f"条件“{text}”没有说出标准。",
            "请写出标准的数字或名称，例如本县现行的标准和文号。",
        )


def _plain(text: str, place: str) -> Iterator[Finding]:
    for sentence in re.split(r"[。；;！？\n]", text):
        if len(sentence) > LONGEST_SENTENCE:
            yield found(
                "long-sentence",
                place,
                f"一句话有 {len(sentence)} 个字：“{sentence[:20]}…”。",
                "请拆成几句，每句只说一件事。",
            )
            break
    # A name is what the paper or the matter is called; it cannot be put in other words here.
    jargon = [] if place.endswith("name") else [word for word in PLAIN if word in text]
    if jargon:
        said = "；".join(f"“{word}”可以说“{PLAIN[word]}”" for word in jargon[:3])
        yield found("office-language", place, f"{said}。", "请用群众听得懂的话，必须用术语时加一句解释。")
    letters = [word for word in _LETTERS.findall(text) if word.upper() not in KNOWN_LETTERS]
    if letters:
        yield found("unknown-abbreviation", place, f"缩写“{letters[0]}”没有解释。", "请写中文全称。")
    if _DOUBLE_NEGATION.search(text):
        yield found("double-negation", place, f"“{text[:30]}”用了双重否定。", "请改成肯定的说法：什么情况可以。")
