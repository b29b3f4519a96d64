"""The organ of an order: a county has hundreds, so that one searches by name; what was typed elsewhere stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from halls.models import Department, Level
from supervision.selectors.orders import Organ

FIND, LOOK = "find", "look"  # the field that is searched by, and the button that only searches
LISTED_WHOLE: Final = 60  # so many are looked through; of more the villages, stations and offices are searched for
_SMALL: Final = frozenset(
    {str(Level.VILLAGE.label), str(Department.Kind.OFFICE.label), str(Department.Kind.STATION.label)}
)


class OrganSelect(forms.Select):
    """The list with a search before it; without JavaScript the page comes back with what was found."""

    template_name = "supervision/orders/_organ.html"
    find = ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {"find": self.find, "FIND": FIND, "LOOK": LOOK}


class OrganField(forms.ChoiceField):
    """One of all organs, of which `list_found` shows some."""

    widget = OrganSelect
    organs: Sequence[Organ] = ()

    def list_found(self, organs: Sequence[Organ], find: str, chosen: str) -> None:
        """Show whatever has these letters in its name, by groups, and what is chosen already."""
        self.organs, sought = organs, "".join(find.split())
        is_whole = len(organs) <= LISTED_WHOLE
        found = [one for one in organs if sought in one.name] if sought else organs
        shown = found if sought or is_whole else [one for one in organs if one.group not in _SMALL]
        groups: dict[str, list[tuple[str, str]]] = {}
        for organ in [*(one for one in organs if one.code == chosen and one not in shown), *shown]:
            groups.setdefault(str(organ.group), []).append((organ.code, organ.name))
        self.choices = [("", _("请选择")), *groups.items()]
        widget: Any = self.widget  # an instance by now
        widget.find = find
        self.help_text = self._hint(find, len(found) if sought else None, is_whole=is_whole)

    def _hint(self, find: str, found: int | None, *, is_whole: bool) -> str:
        find = escape(find)  # a hint is printed as HTML
        if found == 0:
            return str(_("没有名称里有“%(find)s”的单位。请换几个字再查找，或清空后查找，列出全部乡镇和部门。")) % {
                "find": find
            }
        if found is not None:
            return str(_("名称里有“%(find)s”的单位 %(n)d 个，在下面选一个。")) % {"find": find, "n": found}
        if is_whole:
            return ""
        words = _("下面列出县直部门和乡镇（街道）。村（社区）、所和站办写出名称里的几个字，再点“查找单位”。")
        return str(words)

    def valid_value(self, value: Any) -> bool:
        return any(one.code == str(value) for one in self.organs)
