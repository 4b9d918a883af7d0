"""What the rooms above have to hear of at once, inside the same transaction.

Each is sent with ``at`` and ``user``, the first two also with ``actor`` and ``reason``.
"""

from django.dispatch import Signal

# The account may not be used any more, in whatever way that came about.
account_disabled = Signal()
# An administrator gave somebody else's account another password.
password_given = Signal()
# The person chose an own password, and the account waits for the security administrator.
person_waits = Signal()
