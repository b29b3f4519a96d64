"""Letting a screen in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from halls.acting import Actor
from halls.domain.errors import Invalid
from halls.forms import SpokenForm
from halls.selectors.pickers import Choices
from supervision.actions.let_screen_in import LetIn, let_screen_in
from supervision.models import Screen


class ScreenForm(SpokenForm):
    """Which hall, and which of the two pages."""

    # A choice that is none of the list is refused by the act, which knows whether the hall is another's or nobody's.
    hall = forms.CharField(label=_("大厅"), max_length=12, widget=forms.Select)
    kind = forms.ChoiceField(label=_("哪一种"), choices=Screen.Kind.choices)

    def __init__(self, *args: Any, halls: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hall"].widget = forms.Select(choices=[("", _("请选择")), *halls])
        self.fields["hall"].error_messages["required"] = _("请在「大厅」里选一项。")

    def save(self, actor: Actor) -> LetIn | None:
        """Let it in; return it with its token, or None when the form says what is wrong."""
        try:
            return let_screen_in(self.cleaned_data["hall"], self.cleaned_data["kind"], actor=actor)
        except Invalid as refusal:
            self.add_error(refusal.field, f"{refusal.message}{refusal.cure}")
            return None
