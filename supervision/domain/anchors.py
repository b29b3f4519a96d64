"""Anchors: what the ledger said on a day, sealed with a key that the database does not have.

An anchor is a line of JSON in a file outside the database. Each names the rows it covers (those behind the cut of the
line before, up to its own), their number and digest, what was signed and holds (rules, calendars, policies, papers,
closed months: a digest each), the digest of the line before it, and a code over all of that.
Whoever rewrites the database cannot rewrite the lines; whoever has the file alone cannot make one.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple

YEAR: Final = "year:"

FAULTS: Final[dict[str, str]] = {
    "form": "不是完整的锚点：这一行被截断或改坏了。",
    "code": "校验码不对：这一条被改动过，或密钥不是当时的那一把。",
    "chain": "与上一条接不上：中间有锚点被删除、替换或调换过。",
    "gone": "数据库登记过这个锚点，文件里却没有，或与登记的不同：锚点被删除或替换过。",
    "empty": "没有任何锚点：锚点文件不存在或是空的。",
    "printed": "公报上印的锚点码在文件里找不到：文件被整个换过。",
    "beyond": "有记录的编号不是数据库发出的：是绕过系统直接写入的。",
    "behind": "数据库比锚点旧：末尾的记录被截掉，或恢复了较早的备份。",
    "removed": "锚点之后记录变少了：有记录被删除。",
    "added": "锚点之后记录变多了：有记录被插入到过去。",
    "changed": "锚点之后内容变了：有记录被改动，或整条链被重新计算过。",
    "unsealed": "锚点封存过的规则、政策、日历、通报或月结不见了：被直接删除过。",
    "rewritten": "锚点封存过的规则、政策、日历、通报或月结变了：签署以后被直接改动过。",
}


@dataclass(frozen=True, slots=True)
class Cover:
    """What an anchor says about one table: the rows with after < id <= to, in the order of their ids."""

    table: str
    columns: tuple[str, ...]
    after: int
    to: int
    count: int
    digest: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """One line: its number, its moment, what it covers, the digest of the line before it, and of what was signed."""

    serial: int
    made_at: str
    covers: tuple[Cover, ...]
    previous: str
    seals: tuple[tuple[str, str], ...] = ()  # what it is, its digest

    def line(self, key: bytes) -> bytes:
        """Return the sealed line, without its end."""
        body = self._body()
        return json.dumps(body | {"code": _seal(body, key)}, ensure_ascii=False, separators=(",", ":")).encode()

    def cuts(self) -> dict[str, int]:
        return {cover.table: cover.to for cover in self.covers}

    def _body(self) -> dict[str, Any]:
        return {
            "serial": self.serial,
            "at": self.made_at,
            "tables": {
                cover.table: {
                    "columns": list(cover.columns),
                    "after": cover.after,
                    "to": cover.to,
                    "count": cover.count,
                    "digest": cover.digest,
                }
                for cover in self.covers
            },
            "previous": self.previous,
        } | ({"seals": dict(self.seals)} if self.seals else {})


class AnchorFault(NamedTuple):
    """What is wrong with an anchor, or with the rows of a table that it covers."""

    serial: int
    code: str
    table: str = ""
    after: int = 0
    to: int = 0


@dataclass(frozen=True, slots=True)
class Sealed:
    """A line as it was found: the anchor it holds and the digest of its bytes."""

    anchor: Anchor
    digest: str
    is_true: bool


def digest_of(line: bytes) -> str:
    """Return the digest of a line, by which the next one names it."""
    return sha256(line).hexdigest()


def short_code(digest: str) -> str:
    """Return the twelve characters of a line's digest that a bulletin prints: 3F2A-91BC-77D0."""
    head = digest[:12].upper()
    return f"{head[:4]}-{head[4:8]}-{head[8:]}"


def read_lines(lines: Iterable[bytes], key: bytes) -> Iterator[Sealed | None]:
    """Yield what each line holds; None for a line that holds no anchor."""
    for line in lines:
        yield _read(line.rstrip(b"\r\n"), key)


def faults_of_lines(lines: Iterable[Sealed | None]) -> list[AnchorFault]:
    """Check codes, numbers and links: every line against the one before."""
    faults: list[AnchorFault] = []
    serial, digest, cuts = 0, "", dict[str, int]()
    for number, sealed in enumerate(lines, start=1):
        if sealed is None:
            faults.append(AnchorFault(number, "form"))
            serial, digest = serial + 1, ""
            continue
        anchor = sealed.anchor
        if not sealed.is_true:
            faults.append(AnchorFault(anchor.serial, "code"))
        if not _follows(anchor, serial, digest, cuts):
            faults.append(AnchorFault(anchor.serial, "chain"))
        serial, digest, cuts = anchor.serial, sealed.digest, anchor.cuts()
    return faults


def _follows(anchor: Anchor, serial: int, digest: str, cuts: dict[str, int]) -> bool:
    if anchor.previous == "" and all(cover.after == 0 for cover in anchor.covers):
        return serial in (0, anchor.serial - 1)  # a row of its own, over everything there is
    return (
        0 < serial == anchor.serial - 1
        and anchor.previous == digest
        and all(cover.after == cuts.get(cover.table, 0) for cover in anchor.covers)
    )


def compare(serial: int, cover: Cover, found: Cover, newest: int) -> AnchorFault | None:
    """Return what the rows of the database say otherwise than the anchor; `newest` is the greatest id there is."""
    if newest < cover.to:
        code = "behind"
    elif found.count != cover.count:
        code = "removed" if found.count < cover.count else "added"
    elif found.digest != cover.digest:
        code = "changed"
    else:
        return None
    return AnchorFault(serial, code, cover.table, cover.after, cover.to)


def broken_seals(serial: int, seals: Iterable[tuple[str, str]], standing: Mapping[str, str]) -> list[AnchorFault]:
    """Return what was sealed and says something else now, or nothing any more; `standing`: the digests of today.

    A year of the calendar is sealed with its version: a later version has a notice of its own.
    """
    faults = []
    for name, digest in seals:
        if name not in standing:
            if not name.startswith(YEAR):
                faults.append(AnchorFault(serial, "unsealed", name))
        elif standing[name] != digest:
            faults.append(AnchorFault(serial, "rewritten", name))
    return faults


def _seal(body: dict[str, Any], key: bytes) -> str:
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, text.encode(), sha256).hexdigest()


def _read(line: bytes, key: bytes) -> Sealed | None:
    try:
        body = json.loads(line)
        code = body.pop("code")
        covers = tuple(
            Cover(table, tuple(one["columns"]), int(one["after"]), int(one["to"]), int(one["count"]), one["digest"])
            for table, one in body["tables"].items()
        )
        datetime.fromisoformat(body["at"])
        seals = tuple((str(name), str(digest)) for name, digest in body.get("seals", {}).items())
        anchor = Anchor(int(body["serial"]), body["at"], covers, body["previous"], seals)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return Sealed(anchor, digest_of(line), hmac.compare_digest(str(code).encode(), _seal(body, key).encode()))
