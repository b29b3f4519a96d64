"""Getting a token."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authtoken.models import Token
from rest_framework.request import Request
from rest_framework.response import Response

from halls.api.base import PublicView
from halls.domain.errors import NotPermitted


class LoginSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=64)
    password = serializers.CharField(max_length=128, trim_whitespace=False)


class TokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField()


class TokenView(PublicView):
    """One answer to every failure, so that nobody learns who has an account."""

    @extend_schema(operation_id="auth_token", request=LoginSerializer, responses=TokenSerializer, tags=["auth"])
    def post(self, request: Request) -> Response:
        given = self.body(LoginSerializer)
        user = authenticate(request._request, **given)
        if user is None:
            cure = _("请看清大小写再试；连续输错 5 次要等 15 分钟。忘记密码的，请找系统管理员重设。")
            raise NotPermitted("wrong_password", _("用户名或密码不对，或者账号已停用。"), cure=cure)
        token, _is_new = Token.objects.get_or_create(user=user)
        return Response({"token": token.key})
