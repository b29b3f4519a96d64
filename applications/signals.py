"""News that goes up.

`application_moved` is sent inside the transaction of every verb, with `application_id` and `verb`.
A receiver only books work on commit.
"""

from django.dispatch import Signal

application_moved = Signal()
