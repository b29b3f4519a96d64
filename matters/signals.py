"""News that goes up.

`draft_checked` is sent inside the transaction in which a draft gets its first signature, with `draft`: it waits for
another person now. A receiver writes rows of its own, nothing else.
"""

from django.dispatch import Signal

draft_checked = Signal()
