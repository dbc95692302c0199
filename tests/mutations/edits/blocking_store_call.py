"""CK218: the reference app's file store with its users counted by Django's ORM."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import MEMORY

# A database in memory, for as long as somebody is connected to it.
MODELS = """\
import sqlite3

import django
from django.conf import settings
from django.db import models

NAME = "file:accounts?mode=memory&cache=shared"
settings.configure(DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": NAME}})
django.setup()

kept = sqlite3.connect(NAME, uri=True, check_same_thread=False)
kept.execute("CREATE TABLE accounts_account (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL)")
kept.execute("INSERT INTO accounts_account (name) VALUES ('ann')")
kept.commit()


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
