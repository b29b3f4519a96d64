"""Logging in and out, and the size of the type."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from halls.forms import LoginForm
from halls.redirects import safe_path

ELDER_COOKIE = "elder"
ONE_YEAR = 365 * 24 * 60 * 60


class LoginView(auth_views.LoginView):
    template_name = "halls/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True
    extra_context = {"page_title": _("工作人员登录")}


login = LoginView.as_view()
logout = auth_views.LogoutView.as_view()


@require_POST
def elder(request: HttpRequest) -> HttpResponse:
    """Switch between normal type and 长辈版, on this device, and go back to the page."""
    response = redirect(safe_path(request))
    if request.POST.get("elder") == "1":
        response.set_cookie(
            ELDER_COOKIE, "1", ONE_YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(ELDER_COOKIE, samesite="Lax")
    return response
