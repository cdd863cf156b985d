"""Staff: how people come, learn and go, and what it costs an organisation to agree with itself."""

from dataclasses import dataclass

from sim.checks import Checked, count, quantity


@dataclass(frozen=True)
class Staff(Checked):
    """What lies between a budget and the work it pays for. Nothing of it when delays, losses and gains are 0
    and newcomers are as fast as the others."""

    hiring_months: int = count(0, 24, "months between the decision to hire and the first day; 0: at once")
    hiring_cost_months: float = quantity("months of pay", 0, 24, "cost of one hire beside the pay")
    turnover_per_year: float = quantity("1/year", 0, 5, "rate at which people leave of their own accord")
    newcomer_speed: float = quantity("share", 0, 1, "speed of a newcomer relative to an experienced person")
    ramp_months: float = quantity("months", 0.1, 60, "mean time until a newcomer is experienced")
    learning_per_doubling: float = quantity("share", 0, 1, "skill gained each time practice per head doubles")
    practice_start_months: float = quantity("months", 0.1, 240, "practice per head at time 0")
    training_gain: float = quantity("1", 0, 50, "practice gained in an hour of training relative to an hour of work")
    decision_months: int = count(0, 24, "months from a decision about the budget to its effect")
    contested_share: float = quantity("share", 0, 0.9, "share of the budget that uses with their own goals fight over")
    coordination_share: float = quantity("share", 0, 0.9, "share of the budget it takes to pursue a single goal")
