"""Who looks at a page: a user or nobody in particular."""

from django.contrib.auth.models import AnonymousUser

from organizations.models import User

Visitor = User | AnonymousUser
