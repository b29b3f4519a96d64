"""A refusal of an action, shown at the fields of the form it is about."""

from __future__ import annotations

from django import forms

from halls.domain.errors import Invalid
from matters.domain.elements import words_of


def explain(form: forms.Form, refusal: Invalid) -> None:
    """Put every problem at its field, or before all of them, by the name of its place in the guide."""
    for problem in refusal.problems:
        if problem.field in form.fields:
            form.add_error(problem.field, f"{problem.message}{problem.cure}")
        else:
            form.add_error(None, f"{words_of(problem.field)}：{problem.message}{problem.cure}")
    if not refusal.problems:
        form.add_error(None, f"{refusal.message}{refusal.cure}")
