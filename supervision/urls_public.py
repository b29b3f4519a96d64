"""Addresses for everybody: complain, ask, follow."""

from django.urls import path

from supervision.domain.voices import Kind
from supervision.views import voices_public as public

urlpatterns = [
    path("voices/", public.hub, name="voices"),
    path("voices/complain/", public.speak, {"kind": Kind.COMPLAINT}, name="voice_complain"),
    path("voices/ask/", public.speak, {"kind": Kind.INQUIRY}, name="voice_ask"),
    path("voices/repeat/", public.speak, {"kind": Kind.REPEAT}, name="voice_repeat"),
    path("voices/follow/", public.follow, name="voice_follow"),
    # In the QR code of the receipt: kept short.
    path("v/<str:ticket>/", public.by_token, name="voice_by_token"),
    path("v/<str:ticket>/receipt/", public.receipt, name="voice_receipt"),
    path("v/<str:ticket>/papers/<int:act_id>/", public.paper_by_token, name="voice_paper_by_token"),
]
