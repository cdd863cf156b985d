"""People come, learn and leave; budgets are fought over."""

from math import exp, log

from sim.units import MONTHS_PER_YEAR


def leaving_share(per_year: float) -> float:
    """Share of people who leave in a month at a constant rate."""
    return 1.0 - exp(-per_year / MONTHS_PER_YEAR)


def ramped_share(pace: float, ramp_months: float) -> float:
    """Share of newcomers who become experienced in a month (promotion chain; Sterman 2000, ch. 12)."""
    return 1.0 - exp(-pace / ramp_months)


def learning_pace(training_share: float, training_gain: float) -> float:
    """Months of practice a fully occupied person gains in a month, some of whose hours go into training."""
    return 1.0 - training_share + training_gain * training_share


def skill(practice_months: float, start_months: float, per_doubling: float) -> float:
    """Skill relative to time 0: it grows by the same share whenever practice doubles (Wright 1936)."""
    if per_doubling == 0.0:
        return 1.0
    exponent = log(1.0 + per_doubling) / log(2.0)
    return float(((start_months + practice_months) / start_months) ** exponent)


def lost_share(goals: float, contested: float, coordination: float) -> float:
    """Share of a budget that agreeing on it costs. In a contest of `goals` equal parties a share 1 - 1/goals of
    what is contested is spent on the contest (Tullock 1980); pursuing one goal costs coordination instead, which
    thins out as goals multiply."""
    unity = 1.0 / goals
    return contested * (1.0 - unity) + coordination * unity
