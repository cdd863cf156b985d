"""Money for surveys, readings and discounts: spent while it lasts, kept as reserve otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.events import ORGANISATION

if TYPE_CHECKING:
    from sim.agents.clock import Clock
    from sim.recorder import Recorder


class Purse:
    """An account that is never overdrawn."""

    def __init__(self, clock: Clock, record: Recorder) -> None:
        self.balance = 0.0
        self._clock = clock
        self._record = record
        self._spent: dict[str, float] = {}

    def fill(self, amount: float) -> None:
        """Put a month's money in."""
        self.balance += amount

    def set_aside(self, amount: float) -> None:
        """Keep money for what has been promised; it is not spent yet."""
        self.balance -= amount

    def release(self, amount: float) -> None:
        """Money set aside can be spent again."""
        self.balance += amount

    def pay(self, account: str, amount: float) -> bool:
        """Pay if there is enough; say whether it was paid."""
        if amount > self.balance:
            return False
        self.balance -= amount
        self._spent[account] = self._spent.get(account, 0.0) + amount
        return True

    def settle(self) -> float:
        """Book what was spent since the last call; return it."""
        now = self._clock.now
        for account, amount in sorted(self._spent.items()):
            self._record.row("ledger", now, ORGANISATION, 0, account, -amount, now, now)
        spent = sum(self._spent.values())
        self._spent.clear()
        return spent
