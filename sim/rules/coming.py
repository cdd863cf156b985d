"""How people come to a firm and buy: information, calls, meetings, ways to buy, imitation."""

from math import exp, log2

from sim.rules.common import saturate


def informed(spent: float, half: float) -> float:
    """Quality of information in [0, 1) where `spent` of the planned marketing money goes into it."""
    return saturate(spent, half)


def pull(money: float, into_information: float, upkeep: float, gain: float, information: float) -> float:
    """Marketing's pull relative to plan: money that is left for reach, times what information adds."""
    return max(0.0, money * (1.0 - into_information) - upkeep) * (1.0 + gain * information)


def response(at_start: float, decline_per_year: float, years: float) -> float:
    """Probability that a call is answered with interest: at_start exp(-decline t), 1 at most."""
    return min(1.0, at_start * exp(-decline_per_year * years))


def meets(refused: float, courtesy: float) -> float:
    """Probability that a lead agrees to meet a seller: 1 - refused x (1 - courtesy)."""
    return 1.0 - refused * (1.0 - courtesy)


def persistence(gain: float, touches: float) -> float:
    """Win logit of `touches` times the usual number: `gain` for each doubling."""
    return gain * log2(touches)


def drifted(shares: tuple[float, ...], per_year: tuple[float, ...], years: float) -> tuple[float, ...]:
    """Shares that grow at rates of their own, relative to each other."""
    grown = [share * exp(rate * years) for share, rate in zip(shares, per_year, strict=True)]
    total = sum(grown)
    return tuple(x / total for x in grown)


def spread(share: float, imitation: float) -> float:
    """Leads relative to a market in which nobody has bought, where a `share` F has: (1 + imitation F)(1 - F). With
    leads that buy at once this is the law of Bass (1969), imitation = q / p."""
    return (1.0 + imitation * share) * (1.0 - share)


def most_spread(imitation: float) -> float:
    """The largest value of the above over the course of a market."""
    return 1.0 if imitation <= 1.0 else (1.0 + imitation) ** 2 / (4.0 * imitation)
