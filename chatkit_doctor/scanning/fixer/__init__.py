"""The edit engine: which of the offered fixes are made, and what the files then hold. Nothing here writes."""

from chatkit_doctor.scanning.fixer.result import FixResult, HeldBackFix
from chatkit_doctor.scanning.fixer.rounds import MAX_ROUNDS, MOST_TRIED, fix

__all__ = ["MAX_ROUNDS", "MOST_TRIED", "FixResult", "HeldBackFix", "fix"]
