"""What a new version of a guide changes, in plain Chinese words: added, removed, changed, moved."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matters.domain import guide_words
from matters.domain.catalogue import Limit, MatterRecord
from matters.domain.guide_words import NOTHING, duration, limit_words, said

LONGEST = 80


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where it is (as in a catalogue record), what that is called, both values, and a sentence."""

    place: str
    label: str
    before: str
    after: str
    words: str


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of parts: what one is called, how it is recognised in the other version, what of it may change."""

    label: str
    key: Callable[[Any], Hashable]
    changes: Callable[[str, str, Any, Any], Iterator[Change]]
    name: Callable[[Any], str]
    # What else a part says, element by element: whoever signs has not seen it yet.
    told: Callable[[Any], str] = lambda _part: ""


def difference(old: MatterRecord | None, new: MatterRecord) -> tuple[Change, ...]:
    """Return what `new` changes, in the order of the guide; nothing for two that say the same."""
    if old is None:
        return (Change("", "事项", "", new.name, f"新建事项“{_cut(new.name)}”。"),)
    found = [*_fields("", "", old, new, guide_words.MATTER_LABELS)]
    for name, label in guide_words.LIMIT_LABELS.items():
        found += _limit(name, label, getattr(old, name), getattr(new, name))
    for name, kind in _PARTS.items():
        found += _parts(name, kind, getattr(old, name), getattr(new, name))
    found += _parts("sources", _TEXT("出处"), [*map(_source, old.sources)], [*map(_source, new.sources)])
    return tuple(found)


# --- single values ---------------------------------------------------------------------------------------------------


def _fields(place: str, owner: str, old: Any, new: Any, labels: Mapping[str, str]) -> Iterator[Change]:
    """Compare field by field. `owner` is what they belong to, such as 材料“身份证”."""
    for name, label in labels.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            whole = f"{owner}的{label}" if owner else label
            yield _changed(_at(place, name), whole, said(name, before), said(name, after))


def _changed(place: str, label: str, before: str, after: str, *, quoted: bool = True) -> Change:
    one, other = (f"“{_cut(text)}”" if quoted else f" {text}" for text in (before, after))
    if not before:
        words = f"{label}填写为{other}。" if after else f"{label}有改动。"
    elif not after:
        words = f"{label}由{one}改为{NOTHING}。"
    else:
        words = f"{label}由{one}改为{other}。"
    return Change(place, label, before, after, words)


def _limit(place: str, label: str, old: Limit, new: Limit) -> Iterator[Change]:
    if (old.amount, old.unit) != (new.amount, new.unit):
        yield _changed(place, label, limit_words(old), limit_words(new), quoted=False)
    yield from _fields(place, label, old, new, {"note": "说明", "basis": "数据来源"})


def _at(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


# --- lists of parts --------------------------------------------------------------------------------------------------


def _parts(place: str, kind: _Kind, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Change]:
    """Compare two lists: parts are recognised by their key, one that has none by its place."""
    was, now = _keyed(kind, old), _keyed(kind, new)
    kept = [(was[key], index) for key, index in now.items() if key in was]
    gone = {index for key, index in was.items() if key not in now}
    come = {index for key, index in now.items() if key not in was}
    renamed = gone & come
    for index in sorted(gone - renamed):
        text = kind.name(old[index])
        yield Change(f"{place}[{index}]", kind.label, text, "", f"删去{kind.label}“{_cut(text)}”。")
    moved = _moved([before for before, _after in kept])
    pairs = {after: before for before, after in kept} | {index: index for index in renamed}
    for index, part in enumerate(new):
        here, text = f"{place}[{index}]", kind.name(part)
        if index not in pairs:
            more = kind.told(part)
            yield Change(here, kind.label, "", text, f"增加{kind.label}“{_cut(text)}”{f'：{more}' if more else ''}。")
            continue
        before = pairs[index]
        if before in moved:
            words = f"{kind.label}“{_cut(text)}”由第 {before + 1} 项移到第 {index + 1} 项。"
            yield Change(here, kind.label, f"第 {before + 1} 项", f"第 {index + 1} 项", words)
        yield from kind.changes(here, f"{kind.label}“{_cut(text)}”", (before, old[before]), (index, part))


def _keyed(kind: _Kind, parts: Sequence[Any]) -> dict[Hashable, int]:
    """Return the place of every part by its key; of two alike, the second is another one."""
    seen: Counter[Hashable] = Counter()
    found: dict[Hashable, int] = {}
    for index, part in enumerate(parts):
        key = kind.key(part)
        found[key, seen[key]] = index
        seen[key] += 1
    return found


def _moved(places: Sequence[int]) -> frozenset[int]:
    """Return the old places that left their order: as few as possible (all but a longest increasing run)."""
    ends: list[int] = []
    length: dict[int, int] = {}
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
        length[place] = at + 1
    stayed, wanted, above = set(), len(ends), float("inf")
    for place in reversed(places):
        if length[place] == wanted and place < above:
            stayed.add(place)
            wanted, above = wanted - 1, place
    return frozenset(places) - stayed


def _elements(labels: Mapping[str, str], *, without: str = "name") -> Callable[[Any], str]:
    """Return what a new part says under each label; a number is said also when it is 0, what is not so is not said."""

    def told(part: Any) -> str:
        rows = ((label, getattr(part, name), name) for name, label in labels.items() if name != without)
        stated = ((label, value, name) for label, value, name in rows if value or (value == 0 and value is not False))
        return "；".join(f"{label}“{said(name, value)}”" for label, value, name in stated)

    return told


def _told_step(step: Any) -> str:
    labels = {name: label for name, label in guide_words.STEP_LABELS.items() if name != "seq"}
    time = duration(step.days, step.unit) if step.days else "当场"
    counted = "" if step.counts_in_limit else "；不计入承诺时限"
    return f"{_elements(labels)(step)}；时限 {time}{counted}"


def _told_question(question: Any) -> str:
    told = _elements(guide_words.OPTION_LABELS, without="text")
    return "；".join(
        f"选项“{option.text}”{f'（{more}）' if (more := told(option)) else ''}" for option in question.options
    )


def _flat(labels: Mapping[str, str]) -> Callable[[str, str, Any, Any], Iterator[Change]]:
    def changes(place: str, owner: str, old: Any, new: Any) -> Iterator[Change]:
        yield from _fields(place, owner, old[1], new[1], labels)

    return changes


def _step(place: str, owner: str, old: Any, new: Any) -> Iterator[Change]:
    """A number that only follows from the place is no change of its own."""
    (before, one), (after, other) = old, new
    labels = dict(guide_words.STEP_LABELS)
    if (one.seq, other.seq) == (before + 1, after + 1):
        del labels["seq"]
    yield from _fields(place, owner, one, other, labels)
    if (one.days, one.unit) != (other.days, other.unit):
        times = duration(one.days, one.unit), duration(other.days, other.unit)
        yield _changed(_at(place, "days"), f"{owner}的时限", *times, quoted=False)


def _question(place: str, owner: str, old: Any, new: Any) -> Iterator[Change]:
    yield from _fields(place, owner, old[1], new[1], {"text": "问题"})
    yield from _parts(_at(place, "options"), _OPTION, old[1].options, new[1].options)


def _text(place: str, owner: str, old: Any, new: Any) -> Iterator[Change]:
    if old[1] != new[1]:
        label = owner.partition("“")[0]
        yield _changed(place, f"第 {new[0] + 1} 项{label}", old[1], new[1])


def _TEXT(label: str) -> _Kind:  # noqa: N802 - a kind like the constants below
    return _Kind(label, str, _text, str)


def _source(source: Mapping[str, str]) -> str:
    named = guide_words.SOURCE_LABELS
    return "；".join(f"{named.get(name, name)}：{value}" for name, value in sorted(source.items()))


_OPTION = _Kind(
    "情形选项",
    lambda o: o.text,
    _flat(guide_words.OPTION_LABELS),
    lambda o: str(o.text),
    _elements(guide_words.OPTION_LABELS, without="text"),
)
_PARTS = {
    "legal_bases": _Kind(
        "设定依据",
        lambda b: (b.law, b.document_no),
        _flat(guide_words.BASIS_LABELS),
        lambda b: f"《{b.law}》",
        _elements(guide_words.BASIS_LABELS, without="law"),
    ),
    "conditions": _TEXT("受理条件"),
    "materials": _Kind(
        "材料",
        lambda m: m.name,
        _flat(guide_words.MATERIAL_LABELS),
        lambda m: str(m.name),
        _elements(guide_words.MATERIAL_LABELS),
    ),
    "steps": _Kind("环节", lambda s: s.name, _step, lambda s: str(s.name), _told_step),
    "variants": _Kind(
        "业务办理项",
        lambda v: v.name,
        _flat(guide_words.VARIANT_LABELS),
        lambda v: str(v.name),
        _elements(guide_words.VARIANT_LABELS),
    ),
    "fee_items": _Kind(
        "收费项目",
        lambda f: f.name,
        _flat(guide_words.FEE_LABELS),
        lambda f: str(f.name),
        _elements(guide_words.FEE_LABELS),
    ),
    "questions": _Kind("情形", lambda q: q.text, _question, lambda q: str(q.text), _told_question),
    "faq": _Kind(
        "常见问题",
        lambda a: a.question,
        _flat(guide_words.ANSWER_LABELS),
        lambda a: str(a.question),
        _elements(guide_words.ANSWER_LABELS, without="question"),
    ),
}
