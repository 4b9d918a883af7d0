"""System checks: what an installation lacks, said before somebody misses it."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, register
from django.core.checks import Warning as Advice

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk fonts-lxgw-wenkai"


@register()
def check_chinese_font(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Without a Chinese font a PDF prints boxes."""
    if has_chinese_font():
        return []
    return [
        Advice(
            "没有找到中文字体，打印的文件会显示为方框。",
            hint=f"apt-get install -y {PACKAGES}",
            id="zalantun.W001",
        )
    ]


@register()
def check_font_subsetting(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Without harfbuzz-subset nothing fails, but a page takes seconds."""
    if has_library("libharfbuzz-subset.so.0"):
        return []
    return [
        Advice(
            "缺少 libharfbuzz-subset0，生成一页 PDF 要多用数秒。",
            hint="apt-get install -y libharfbuzz-subset0",
            id="zalantun.W002",
        )
    ]


@register()
def check_secret_key(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The default key is public: whoever knows it signs in as anybody."""
    if settings.DEBUG or settings.SECRET_KEY != settings.INSECURE_SECRET_KEY:
        return []
    return [
        Advice(
            "正在使用公开的默认密钥 SECRET_KEY，任何人都可以伪造登录。",
            hint="在环境变量或 .env 中设置 SECRET_KEY；用 make run 启动时会自动生成。",
            id="zalantun.W003",
        )
    ]


@register()
def check_data_dir(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Everything that is written goes to DATA_DIR."""
    folder = settings.DATA_DIR
    # The first existing ancestor decides: the folder itself is made at the first start.
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK):
        return []
    return [
        Advice(
            f"数据目录 {folder} 不可写，门户无法保存任何内容。",
            hint="检查目录权限和磁盘空间，或把 DATA_DIR 指向可写的目录。",
            id="zalantun.W004",
        )
    ]


def has_chinese_font() -> bool:
    """fontconfig knows a font that has Chinese characters."""
    program = shutil.which("fc-list")
    if not program:
        return False
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            [program, ":lang=zh-cn", "family"], capture_output=True, timeout=20, check=False
        )
    except subprocess.TimeoutExpired:
        return True  # it is building its cache; that it has much to do is no reason to warn
    return bool(done.stdout.strip())


def has_library(name: str) -> bool:
    """The dynamic linker finds this library."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
