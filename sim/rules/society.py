"""What people do to each other and for whom they pay: reach of a story, opinion, inverted U, premium."""

from math import exp, log

from sim.rules.common import clip, logistic, saturate

LN2 = log(2.0)


def story_pool(candidates_per_day: float, half_life_days: float) -> float:
    """Possible customers who come by while a story is told: rate times its mean life, half-life / ln 2."""
    return candidates_per_day * half_life_days / LN2


def heard(people_told: float, pool: float) -> float:
    """Share of a pool that at least one of `people_told` random tellings has reached (Poisson)."""
    return 1.0 - exp(-people_told / pool) if people_told > 0.0 else 0.0


def rating(good: float, bad: float, prior: float) -> float:
    """Public opinion in (-1, 1): good minus bad reviews over all, `prior` neutral ones among them."""
    return (good - bad) / (good + bad + prior)


def surprise(quality: float, effort: float, half: float) -> float:
    """Quality beyond what was expected; diminishing return of effort."""
    return quality * saturate(effort, half)


def personal(gain: float, creepy: float, privacy: float, depth: float) -> float:
    """Quality of personal treatment beyond what was expected: rises, turns, falls below 0 (inverted U)."""
    return gain * depth - creepy * privacy * depth * depth


def worth(charged: float, premium: float) -> float:
    """What a price feels like to somebody who gladly pays `premium` more."""
    return charged / (1.0 + premium)


def recommends(logit: float, stakes: float, worst_touch: float) -> float:
    """Probability of recommending for a use in which much is at stake; the worst touch counts, pleasures do not."""
    return logistic(logit + stakes * clip(worst_touch, -1e9, 0.0))


def gap_days(mean_days: float, sigma: float, normal_score: float) -> float:
    """Time between two purchases: lognormal with this mean, a day at least."""
    return max(1.0, mean_days * exp(sigma * normal_score - 0.5 * sigma * sigma))
