"""How customers answer bills besides through their burden."""

from math import exp


def restraint(price: float, two_part_loss: float) -> float:
    """Share of use that is kept where a unit of it costs `price` (weighted by the customer's sensitivity) and a
    share `two_part_loss` is lost to a fixed fee beside it."""
    return (1.0 - two_part_loss) / (1.0 + price)


def surprise(billed: float, expected: float, tolerance: float) -> float:
    """Excess of a bill over the expected one as a share of it, above what is taken without ado; 0 if none."""
    return max(0.0, billed / expected - 1.0 - tolerance) if expected > 0.0 else 0.0


def dispute_probability(weight: float, excess: float) -> float:
    """1 - exp(-weight x what is charged beyond the true outcome, in list prices): never without an excess."""
    return 1.0 - exp(-weight * excess)


def trimmed(unused: float, share: float) -> float:
    """Seats kept, as a share, by a customer who gives back `share` of the unused ones."""
    return 1.0 - share * unused
