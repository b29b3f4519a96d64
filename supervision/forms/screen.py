"""Letting a screen in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from halls.acting import Actor
from halls.domain.errors import Invalid
from halls.forms import SpokenForm
from supervision.actions.let_screen_in import LetIn, let_screen_in
from supervision.models import Screen


class ScreenForm(SpokenForm):
    """Which hall, and which of the two pages."""

    hall = forms.CharField(label=_("大厅代码"), max_length=12, help_text=_("县 6 位、乡镇 9 位、村 12 位，例如 500236"))
    kind = forms.ChoiceField(label=_("哪一种"), choices=Screen.Kind.choices)

    def save(self, actor: Actor) -> LetIn | None:
        """Let it in; return it with its token, or None when the form says what is wrong."""
        try:
            return let_screen_in(self.cleaned_data["hall"], self.cleaned_data["kind"], actor=actor)
        except Invalid as refusal:
            self.add_error(refusal.field, f"{refusal.message}{refusal.cure}")
            return None
