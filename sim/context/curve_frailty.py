"""Frailty given by a retention curve: the law is fitted when it is first needed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sim.checks import Checked, count, quantity, series
from sim.context.frailty import BetaFrailty


@dataclass(frozen=True)
class CurveFrailty(Checked):
    """Shifted beta-geometric by maximum likelihood on the first periods of a published curve."""

    percent_surviving: tuple[float, ...] = series("percent", 0, 100, "customers left after 0, 1, 2, ... terms")
    fitted_periods: int = count(2, 5000, "terms that the fit may see; later ones judge it")
    shift_logit: float = quantity("logit", -20, 20, "added to every customer's logit")

    def __post_init__(self) -> None:
        super().__post_init__()
        _ = self.law

    @cached_property
    def law(self) -> BetaFrailty:
        """The fitted distribution."""
        from sim.fitting.curve import curve_of
        from sim.fitting.likelihood import maximum_likelihood

        fitted = maximum_likelihood(curve_of(self.percent_surviving).up_to(self.fitted_periods).lifetimes).law
        return BetaFrailty(fitted.alpha, fitted.beta, self.shift_logit)

    def logit(self, uniform: float) -> float:
        """The customer's a_i at a uniform draw."""
        return self.law.logit(uniform)
