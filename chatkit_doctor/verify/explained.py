"""The rules whose pages explain what a running server or page does wrong.

This is a list of data: a rule may stand here before it has a page, and is named to people from then on only.
"""

from __future__ import annotations

from enum import StrEnum


class ExplainedBy(StrEnum):
    """The code of each rule, under the rule's name."""

    ENDLESS_PAGINATION = "CK205"
    LIMIT_BEFORE_ORDER = "CK206"
    SAVE_IS_NOT_UPSERT = "CK209"
    MISSING_HISTORY = "CK301"
    REUSED_PROVIDER_IDS = "CK302"
    STALE_ID_MAP = "CK303"
    DUPLICATED_MESSAGE = "CK305"
    HISTORY_CONVERTER_REJECTED = "CK306"
    ITEM_NEVER_DONE = "CK307"
    NOT_AN_EVENT_STREAM = "CK308"
    MISSING_CDN_SCRIPT = "CK501"
    WRONG_CDN_SCRIPT = "CK502"
    BLOCKING_PAGE_POLICY = "CK504"
    MISUSED_PROCESS_RESULT = "CK701"
    NOT_STREAMED = "CK702"
    HAND_WRITTEN_PROTOCOL = "CK703"
    MISSING_HEALTH_CHECK = "CK704"
    MISSING_CORS = "CK705"
    ENDPOINT_MISMATCH = "CK805"
