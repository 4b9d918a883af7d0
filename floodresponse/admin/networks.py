"""Accounts of gauge networks in the admin."""

from django.contrib import admin

from floodresponse.models import NetworkAccount
from floodresponse.services.networks import tie_to_network, untie_from_network
from foundation.admin import RecordAdmin, Step


@admin.register(NetworkAccount)
class NetworkAccountAdmin(RecordAdmin):
    """Which account reports for which network."""

    may_view = "organizations.view_accounts"
    may_add = may_delete = "organizations.grant_roles"
    where_to_change = "站网账号不能修改：换站网时重新登记，停用时删除。账号的令牌只能报送所登记站网的站点。"
    add_fields = ("user", "network")
    list_display = ("user", "network", "tied_at")
    list_filter = ("network",)
    search_fields = ("user__username", "user__display_name", "network")
    autocomplete_fields = ("user",)
    list_select_related = ("user",)

    def add_record(self, step: Step) -> NetworkAccount:
        """Tie the account, also when it was tied to another network."""
        username = step.values["user"].username
        return tie_to_network(actor=step.actor, at=step.at, username=username, network=step.values["network"])

    def delete_record(self, record: NetworkAccount, step: Step) -> None:
        """The account reports for no network any more."""
        untie_from_network(actor=step.actor, at=step.at, username=record.user.username, reason=step.reason)
