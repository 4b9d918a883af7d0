"""Error pages: each says what happened and what to do.

Those for a broken request (400) and a broken portal (500, 503) are drawn from a
template of their own that asks neither the database nor who is signed in.
"""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from foundation.context import current_origin
from foundation.fulldisk import disk_refusal

BROKEN_REQUEST = "请求里有无法识别的内容，没有处理，也没有保存任何内容。请返回上一页检查后重试。"
REFUSED = "您没有权限打开这个页面。如确需办理，请联系安全管理员授予相应角色。"
NOT_FOUND = "没有这个页面。地址可能有误，或者内容尚未发布、已经撤回。"
BROKEN_PORTAL = "系统出错，刚才的操作可能没有完成。请稍后重试；仍然出错时，请把下面的编号告诉系统管理员。"
NO_DATABASE = "数据库暂时连不上，刚才的操作没有完成。请稍后重试；持续不能打开时，请告诉系统管理员。"
EXPIRED = "页面已过期，未保存任何内容。请返回上一页，刷新后再提交。"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request itself cannot be trusted, so nothing of it is looked at."""
    return _plain("请求无法处理", BROKEN_REQUEST, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return _framed(request, "没有权限", _own_sentence(exception) or REFUSED, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with the sentence of the page that found nothing, if it has one."""
    return _framed(request, "没有找到", _own_sentence(exception) or NOT_FOUND, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form came without its token."""
    return _framed(request, "页面已过期", EXPIRED, 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 while the database cannot be reached, 507 when the disk is full."""
    error = sys.exc_info()[1]
    if error is not None and (refusal := disk_refusal(error)) is not None:
        return _plain("暂时不能保存", refusal.message, refusal.status)
    if isinstance(error, OperationalError | InterfaceError):
        response = _plain("暂时不能使用", NO_DATABASE, 503)
        response["Retry-After"] = "30"
        return response
    return _plain("系统出错", BROKEN_PORTAL, 500)


def _own_sentence(exception: Exception) -> str:
    """The exception's words when they are a sentence for people; Django's own are not."""
    words = exception.args[0] if exception.args else ""
    return words if isinstance(words, str) and words.endswith("。") else ""


def _framed(request: HttpRequest, title: str, message: str, status: int) -> HttpResponse:
    return render(request, "error.html", {"title": title, "message": message}, status=status)


def _plain(title: str, message: str, status: int) -> HttpResponse:
    """A page without the site's frame: no request is handed over, so nothing is asked of the database."""
    context = {
        "title": title,
        "message": message,
        "status": status,
        "site_name": settings.SITE_NAME,
        "request_id": current_origin().request_id,
    }
    return HttpResponse(render_to_string("error_plain.html", context), status=status)
