"""The elements of a guide as an editor meets them: in which section, called what, written how.

Forms, tables of a spreadsheet and the words of a fault all come from here. A name is the path in a catalogue record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from matters.domain import catalogue
from matters.domain.guide_words import BASIS_WORDS, COMPOSED_WORDS, CONFIDENCE_WORDS, LEVEL_WORDS, STEP_KIND_WORDS

TEXT, LONG, NUMBER, FLAG, PERHAPS, CHOICE, CHOICES, LINES, MATERIALS = (
    "text", "long", "number", "flag", "perhaps", "choice", "choices", "lines", "materials",
)  # fmt: skip
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Element:
    """`kind`: perhaps is yes, no or not stated; lines are texts, one a line; materials are names of the guide's own.

    `name` is empty where a row is nothing but a text.
    """

    name: str
    label: str
    kind: str = TEXT
    choices: Choices = ()
    hint: str = ""
    needed: bool = False
    folded: bool = False  # seldom stated: behind a fold


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of parts that are added, taken out and moved. `title` is the element that names a row; `inner` a list."""

    name: str
    label: str
    elements: tuple[Element, ...]
    title: str
    inner: Rows | None = None
    hint: str = ""

    @property
    def is_text(self) -> bool:
        return self.elements[0].name == ""


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    title: str
    lead: str
    elements: tuple[Element, ...] = ()
    rows: tuple[Rows, ...] = ()

    @property
    def roots(self) -> frozenset[str]:
        """The top-level keys of a record that this section writes."""
        names = [*(element.name for element in self.elements), *(rows.name for rows in self.rows)]
        return frozenset(name.partition(".")[0] for name in names)


def _same(words: Iterable[str]) -> Choices:
    return tuple((word, word) for word in words)


LEVELS: Final = tuple(LEVEL_WORDS.items())
UNITS: Final = _same(catalogue.LIMIT_UNITS)
_VARIANTS = Rows(
    "variants",
    "业务办理项",
    (
        Element("name", "名称", needed=True),
        Element("code", "编码", hint="33 位，前 31 位是实施编码"),
        Element("note", "说明"),
    ),
    "name",
    hint="同一事项按情形再分，没有就不填。",
)
_SOURCES = Rows(
    "provenance.sources",
    "出处",
    (
        Element("title", "标题"),
        Element("url", "网址"),
        Element("site_kind", "网站类别"),
        Element("facts", "采用的内容", LONG),
        Element("key", "编号"),
    ),
    "title",
    hint="数字和条款从哪里来；没有公开出处的标为示例数据。",
)
BASICS: Final = Section(
    "basics",
    "基本信息",
    "叫什么、归谁管、谁来受理和决定。",
    (
        Element("name", "事项名称", needed=True),
        Element("aliases", "别名", LINES, hint="群众怎么说，一行一个"),
        Element("type", "事项类型", CHOICE, _same(catalogue.MATTER_KINDS), needed=True),
        Element("theme", "主题", needed=True),
        Element("department_full", "主管部门", CHOICE, needed=True),
        Element("department", "部门简称"),
        Element("handling_organ", "办理机构", hint="具体办理的站所，如：乡镇民政办"),
        Element("decision_level", "决定层级", CHOICE, LEVELS, needed=True),
        Element("accept_levels", "受理层级", CHOICES, LEVELS, needed=True),
        Element("village_role", "村级角色", CHOICE, _same(catalogue.VILLAGE_ROLES), needed=True),
        Element("service_objects", "服务对象", CHOICES, _same(catalogue.SERVICE_OBJECTS), needed=True),
        Element("handling_type", "办件类型", CHOICE, _same(catalogue.HANDLING_TYPES), needed=True),
        Element("core", "高频事项", FLAG),
        Element(
            "life_events",
            "人生事件",
            CHOICES,
            _same((*catalogue.LIFE_EVENTS, *catalogue.TOPICS)),
            hint="都不是的，选后面的主题分类",
            folded=True,
        ),
        Element("topics.personal", "个人主题", LINES, hint="一行一个", folded=True),
        Element("topics.legal", "法人主题", LINES, hint="一行一个", folded=True),
        Element("basic_code", "基本编码", hint="12 位", folded=True),
        Element("task_code", "实施编码", hint="31 位", folded=True),
        Element("parent_code", "上级事项编码", folded=True),
        Element("organ_kind", "实施主体性质", CHOICE, _same(catalogue.ORGAN_KINDS), folded=True),
        Element("power_source", "权力来源", CHOICE, _same(catalogue.POWER_SOURCES), folded=True),
        Element("entrusted_by", "委托机关", folded=True),
        Element(
            "provenance.composed",
            "示例内容",
            CHOICES,
            tuple(COMPOSED_WORDS.items()),
            hint="没有本县出处、在指南上标“示例数据”的要素；核对过的去掉勾",
            folded=True,
        ),
        Element("confidence", "可信度", CHOICE, tuple(CONFIDENCE_WORDS.items()), folded=True),
        Element("notes", "整理说明", LONG, hint="不对外公布", folded=True),
    ),
    (_VARIANTS, _SOURCES),
)
GROUNDS: Final = Section(
    "grounds",
    "依据与条件",
    "依哪部法办，什么人能办。",
    rows=(
        Rows(
            "legal_basis",
            "设定依据",
            (
                Element("law", "法律文件", needed=True, hint="不写书名号"),
                Element("doc_no", "文号"),
                Element("articles", "条款", LINES, hint="一行一条，如：第九条"),
            ),
            "law",
        ),
        Rows("conditions", "受理条件", (Element("", "受理条件", LONG, needed=True),), ""),
    ),
)
MATERIALS_SECTION: Final = Section(
    "materials",
    "材料",
    "要带什么；按情形才要的写明情形。",
    rows=(
        Rows(
            "materials",
            "材料",
            (
                Element("name", "材料名称", needed=True),
                Element("necessity", "必要性", CHOICE, _same(catalogue.NECESSITIES), needed=True),
                Element("necessity_note", "适用情形", hint="什么情形下要带"),
                Element("originals", "原件份数", NUMBER),
                Element("copies", "复印件份数", NUMBER),
                Element("form", "材料形式", hint="如：原件、复印件(核验原件)"),
                Element("view_original", "核验原件", FLAG),
                Element("medium", "介质", hint="纸质、电子、纸质或电子"),
                Element("source", "来源", hint="如：申请人自备、政府部门核发"),
                Element("issuer", "出具单位"),
                Element("shareable", "可共享获取", FLAG),
                Element("template", "有空表样表", FLAG),
                Element("note", "说明", LONG),
                Element("standard", "受理标准", LONG, hint="什么样的算合格"),
                Element("legal_ground", "依据", hint="依哪一条要这份材料", folded=True),
                Element("grade", "可信等级", CHOICE, _same(catalogue.GRADES), folded=True),
                Element("intermediary", "中介机构类别", folded=True),
                Element("fill_note", "填写说明", LONG, folded=True),
                Element("blank", "空表文件名", folded=True),
                Element("sample", "样表文件名", folded=True),
            ),
            "name",
        ),
    ),
)
STEPS_SECTION: Final = Section(
    "steps",
    "环节",
    "从受理到送达，谁办、几天。序号按先后自动编。",
    rows=(
        Rows(
            "steps",
            "环节",
            (
                Element("name", "环节名称", needed=True),
                Element("kind", "类别", CHOICE, tuple(STEP_KIND_WORDS.items()), needed=True),
                Element("level", "层级", CHOICE, LEVELS, needed=True),
                Element("actor", "办理机构", needed=True),
                Element("days", "天数", NUMBER, needed=True, hint="当场办的填 0"),
                Element("unit", "单位", CHOICE, UNITS, needed=True),
                Element("counts_in_limit", "计入承诺时限", FLAG),
                Element("standard", "审查标准", LONG),
                Element("result", "环节结果"),
            ),
            "name",
        ),
    ),
)
_STATUTE = tuple((word, BASIS_WORDS[word]) for word in catalogue.STATUTE_BASES)
_PROMISE = tuple((word, BASIS_WORDS[word]) for word in catalogue.PROMISE_BASES)
LIMITS: Final = Section(
    "limits",
    "时限收费结果",
    "多久办好，收不收钱，拿到什么。",
    (
        Element("promised_limit.days", "承诺时限", NUMBER, hint="工作日；等于计入时限的环节天数之和", needed=True),
        Element("promised_limit.basis", "承诺时限的数据来源", CHOICE, _PROMISE, needed=True),
        Element("promised_limit.note", "承诺时限说明"),
        Element("statutory_limit.days", "法定时限", NUMBER, hint="法律没有规定天数的不填"),
        Element("statutory_limit.unit", "法定时限单位", CHOICE, UNITS),
        Element("statutory_limit.basis", "法定时限的数据来源", CHOICE, _STATUTE),
        Element("statutory_limit.note", "法定时限说明"),
        Element("provincial_limit.days", "省级平台时限", NUMBER, folded=True),
        Element("provincial_limit.unit", "省级平台时限单位", CHOICE, UNITS, folded=True),
        Element("provincial_limit.note", "省级平台时限说明", folded=True),
        Element("fee.charged", "是否收费", PERHAPS),
        Element("fee.standard", "收费标准"),
        Element("fee.basis", "收费依据"),
        Element("result.name", "结果名称"),
        Element("result.type", "结果类型"),
        Element("result.validity", "结果有效期"),
        Element("result.sample", "结果样本文件名", folded=True),
    ),
    (
        Rows(
            "fee.items",
            "收费项目",
            (Element("name", "名称", needed=True), Element("standard", "标准"), Element("basis", "依据")),
            "name",
        ),
    ),
)
WAYS: Final = Section(
    "ways",
    "办理方式",
    "怎么去办，跑几次，问谁，不服怎么办。",
    (
        Element("onsite_visits", "到场次数", NUMBER),
        Element("visits_note", "到场说明"),
        Element("channels", "办理形式", CHOICES, _same(catalogue.CHANNELS)),
        Element("reach", "通办范围", CHOICE, _same(catalogue.REACHES)),
        Element("booking", "预约办理"),
        Element("pays_online", "网上支付", PERHAPS),
        Element("shipped", "物流快递", PERHAPS, hint="结果能不能邮寄"),
        Element("place", "办理地点"),
        Element("hours", "办理时间"),
        Element("consult", "咨询方式"),
        Element("complaint", "监督投诉方式"),
        Element("remedies", "救济途径", LONG, hint="不服怎么办：复议、诉讼，向谁、多久内"),
    ),
)
QUESTIONS: Final = Section(
    "questions",
    "情形与问答",
    "几个简单问题，让人只带用得上的材料；大家常问的先答。",
    rows=(
        Rows(
            "questions",
            "情形问题",
            (Element("text", "问题", needed=True, hint="如：您是本县户口吗？"),),
            "text",
            Rows(
                "options",
                "选项",
                (
                    Element("text", "选项", needed=True),
                    Element("materials", "选了它要带的材料", MATERIALS),
                    Element("refusal", "选了它不能办的，写明缘由"),
                ),
                "text",
            ),
        ),
        Rows(
            "faq",
            "常见问题",
            (Element("question", "问题", needed=True), Element("answer", "回答", LONG, needed=True)),
            "question",
        ),
    ),
)
SECTIONS: Final = (BASICS, GROUNDS, MATERIALS_SECTION, STEPS_SECTION, LIMITS, WAYS, QUESTIONS)
BY_CODE: Final = {section.code: section for section in SECTIONS}


def section_of(place: str) -> Section:
    """Return the section in which a fault of this path is mended."""
    root = place.partition(".")[0].partition("[")[0]
    return next((section for section in SECTIONS if root in section.roots), BASICS)


def all_rows(sections: Iterable[Section] = SECTIONS) -> Iterator[Rows]:
    for section in sections:
        yield from section.rows


# Places of a record that no control of a form writes.
_BESIDE: Final = {
    "id": "事项编码",
    "content": "指南内容",
    "department_full": "主管部门",
    "core": "高频事项",
    "file": "文件",
    "record": "这一条",
    "statutory_limit": "法定时限",
    "statutory_limit.unit": "法定时限单位",
    "promised_limit": "承诺时限",
    "promised_limit.unit": "承诺时限单位",
    "provincial_limit.unit": "全省统一时限单位",
    "provenance": "出处",
    "topics": "主题",
    "fee": "收费",
    "result": "结果",
}
_ROW = re.compile(r"\[(\d+)\]\.?")
_LAST_INDEX = re.compile(r"\[\d+\]$")


def words_of(place: str) -> str:
    """Return a path in words: materials[2].name is 材料第 3 项 · 材料名称; what is unknown stays as it is."""
    return " · ".join(_words(place, tuple(all_rows()), tuple(_single())))


def _words(place: str, lists: Iterable[Rows], single: Iterable[Element]) -> Iterator[str]:
    bare = _LAST_INDEX.sub("", place)
    for rows in lists:
        index = _ROW.match(place.removeprefix(rows.name)) if place.startswith(f"{rows.name}[") else None
        if index is not None:
            yield f"{rows.label}第 {int(index[1]) + 1} 项"
            rest = place[len(rows.name) + index.end() :]
            if rest:
                yield from _words(rest, (rows.inner,) if rows.inner else (), rows.elements)
            return
        if place == rows.name:
            yield rows.label
            return
    known = (one.label for one in single if one.name and (bare == one.name or one.name.startswith(f"{bare}.")))
    yield next(known, _BESIDE.get(place, place))


def _single() -> Iterator[Element]:
    for section in SECTIONS:
        yield from section.elements
