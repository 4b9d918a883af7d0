"""Pages for what is not there and for what went wrong."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

NOT_FOUND = "没有这个页面。地址可能有误，或者内容已经撤回。"
CHINESE = re.compile("[\u4e00-\u9fff]")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The sentence of the view that raised it, or a general one; libraries' own English is not shown."""
    given = exception.args[0] if exception.args else ""
    sentence = given if isinstance(given, str) and CHINESE.search(given) else NOT_FOUND
    return render(request, "error.html", {"message": sentence, "title": "没有找到"}, status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Something that nobody foresaw: a page that asks nothing of the database."""
    return HttpResponse(FAILED, status=500)


FAILED = """<!DOCTYPE html>
<html lang="zh-CN">
  <head><meta charset="utf-8"><title>出错了</title></head>
  <body>
    <h1>出错了</h1>
    <p>刚才的操作没有完成，没有保存任何内容。请稍后重试；仍然出错时，请把时间告诉系统管理员。</p>
    <p><a href="/">返回首页</a></p>
  </body>
</html>
"""
