"""The same division of the desk every month."""

from dataclasses import dataclass

from sim.checks import Checked, InputError, quantity
from sim.policies.desk import Division
from sim.policies.views import PlanView


@dataclass(frozen=True)
class Constant(Checked):
    """Desks for one channel serve those who prefer it; the common desk serves everybody else."""

    phone: float = quantity("share", 0, 1, "people at a desk for the phone alone")
    chat: float = quantity("share", 0, 1, "people at a desk for chat alone")
    mail: float = quantity("share", 0, 1, "people at a desk for mail alone")
    top: float = quantity("share", 0, 1, "share of the desk's money for top agents")
    writing: float = quantity("share", 0, 1, "share of the hours spent on articles")

    def __post_init__(self) -> None:
        super().__post_init__()
        total = self.phone + self.chat + self.mail + self.top
        if total > 1.0 + 1e-9:
            raise InputError(f"policy.desk.phone, chat, mail, top must sum to at most 1, got {total:g}")

    def divide(self, view: PlanView) -> Division:
        """The same every month."""
        return Division(self.phone, self.chat, self.mail, self.top, self.writing)
