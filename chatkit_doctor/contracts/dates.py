"""The days on which something ends, and which day it is."""

from __future__ import annotations

import os
from datetime import date

from chatkit_doctor.contracts.data_files import kept

# Stands in for the clock where a run has to come out the same on any day.
TODAY = "CHATKIT_DOCTOR_TODAY"


def hosted_workflows_end() -> date:
    """Return the day on which OpenAI shuts down the workflows that it hosts."""
    day: date = kept("dates")["hosted_workflows"]["end"]
    return day


def today() -> date:
    """Return the day it is: what the environment says (as 2026-11-30), or the clock."""
    told = os.environ.get(TODAY, "")
    try:
        return date.fromisoformat(told)
    except ValueError:
        return date.today()
