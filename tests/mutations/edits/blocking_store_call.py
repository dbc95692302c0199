"""CK218: the reference app's file store with its users counted by Django's ORM."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import MEMORY

MODELS = """\
import django
from django.conf import settings
from django.db import models

settings.configure(DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "accounts.db"}})
django.setup()


class Account(models.Model):
    name = models.CharField(max_length=40)

    class Meta:
        app_label = "accounts"
"""

MUTATIONS = (
    mutation(
        "CK218",
        "orm",
        "Account.objects.count",
        Edit(
            MEMORY,
            "        return _page(self._of(context).threads.values(), limit, after, order)\n",
            "        if not Account.objects.count():\n"
            "            return Page()\n"
            "        return _page(self._of(context).threads.values(), limit, after, order)\n",
        ),
        Edit(
            MEMORY,
            "from .base import AppStore, File\n",
            "from .base import AppStore, File\nfrom .accounts import Account\n",
        ),
        Edit("backend/app/stores/accounts.py", None, MODELS),
        # The requirements do not name Django.
        beside={"CK602"},
    ),
)
