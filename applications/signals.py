"""News that goes up.

`application_moved` is sent inside the transaction of every verb, with `application_id` and `verb`.
A receiver only books work on commit.

`case_page_asked` is sent while the page of a case is read, with `actor`, `application` and `tab`; a receiver returns
what the rooms above add to it: `{"verbs": [buttons], "timeline": [entries]}` (components/verb_buttons.html,
timeline.html), each key at will.
"""

from django.dispatch import Signal

application_moved = Signal()
case_page_asked = Signal()
