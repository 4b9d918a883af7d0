"""What belongs to signing in. Tokens that an older portal kept in the clear become hashes of themselves."""

import hashlib
from datetime import timedelta
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def hash_old_tokens(apps: Any, schema_editor: Any) -> None:
    old, new = apps.get_model("authtoken", "Token"), apps.get_model("organizations", "ApiToken")
    now = timezone.now()
    new.objects.bulk_create(
        new(
            user_id=token.user_id,
            name="原接口令牌",
            scope="all",
            start=token.key[:8],
            digest=hashlib.sha256(token.key.encode()).hexdigest(),
            issued_at=token.created,
            expires_at=now + timedelta(days=365),
        )
        for token in old.objects.all()
    )
    old.objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('authtoken', '0004_alter_tokenproxy_options'),
        ('organizations', '0003_what_was_learnt_from_texts'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='password_must_change',
            field=models.BooleanField(db_default=False, default=False, verbose_name='须改密码'),
        ),
        migrations.AddField(
            model_name='user',
            name='password_set_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='密码启用时间'),
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='用途')),
                ('scope', models.CharField(choices=[('read', '只读'), ('report', '报送'), ('all', '全部')], max_length=10, verbose_name='范围')),
                ('start', models.CharField(max_length=8, verbose_name='令牌开头')),
                ('digest', models.CharField(max_length=64, unique=True, verbose_name='令牌摘要')),
                ('issued_at', models.DateTimeField(verbose_name='生成时间')),
                ('expires_at', models.DateTimeField(verbose_name='到期时间')),
                ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='最近使用')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='收回时间')),
                ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='生成人')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
            ],
            options={
                'verbose_name': '接口令牌',
                'verbose_name_plural': '接口令牌',
                'ordering': ['-issued_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='BrowserSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session_key', models.CharField(max_length=40, unique=True, verbose_name='会话')),
                ('signed_in_at', models.DateTimeField(verbose_name='登录时间')),
                ('address', models.CharField(blank=True, max_length=64, verbose_name='来源地址')),
                ('agent', models.CharField(blank=True, max_length=200, verbose_name='浏览器')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='browser_sessions', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
            ],
            options={
                'verbose_name': '登录会话',
                'verbose_name_plural': '登录会话',
                'ordering': ['-signed_in_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='FormerPassword',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='密码摘要')),
                ('set_at', models.DateTimeField(verbose_name='启用时间')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_passwords', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
            ],
            options={
                'verbose_name': '曾用密码',
                'verbose_name_plural': '曾用密码',
                'ordering': ['-set_at', '-pk'],
            },
        ),
        migrations.RunPython(hash_old_tokens, migrations.RunPython.noop, elidable=False),
    ]
