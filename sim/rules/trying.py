"""A plan without a price: how much of the product it is, how well it is set up alone, how long it is kept."""


def covered(free_seats: float, free_functions: float, seats: float, breadth: float) -> float:
    """Share of full use that the plan allows: of the seats, times of the functions that this user needs."""
    return min(1.0, free_seats / seats) * min(1.0, free_functions / breadth)


def alone(own_hours: float, needed_hours: float) -> float:
    """Share of the nominal work of an implementation that users do by themselves."""
    return min(1.0, own_hours / needed_hours)


def kept(probability_per_term: float, months: float, term_months: float) -> float:
    """Chance to keep on for `months`, of a relationship that goes on for a term with this probability."""
    return float(probability_per_term ** (months / term_months))
