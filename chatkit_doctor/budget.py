"""How much a rule may do in an app, in steps and not in time, so that the same project gets the same report anywhere.

Models count a step for each expression that they follow and each file that they go through. Real apps take some
thousands; what takes hundreds of times as many was made to.
"""

from __future__ import annotations


class OutOfBudgetError(Exception):
    """A rule has done as many steps as it may."""


class Budget:
    """The steps that are left."""

    def __init__(self) -> None:
        self.left = 0
        self._is_bound = False

    def renew(self, steps: int) -> None:
        """Give so many steps from now on."""
        self.left = steps
        self._is_bound = True

    def lift(self) -> None:
        """Count no further: what follows is no rule."""
        self._is_bound = False

    def spend(self) -> None:
        """Count a step. Raises OutOfBudgetError where none is left."""
        self.left -= 1
        if self.left < 0 and self._is_bound:
            raise OutOfBudgetError
