"""Addresses for everybody."""

from django.urls import path

from applications.views import public

urlpatterns = [
    path("", public.landing, name="landing"),
    path("progress/", public.progress, name="progress"),
    # In the QR code of the receipt: kept short.
    path("p/<str:ticket>/", public.progress_by_token, name="progress_by_token"),
    path("p/<str:ticket>/limits/", public.progress_limits, name="progress_limits"),
]
