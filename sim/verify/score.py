"""A net promoter score and its margin of error against the multinomial law: the program's own question and metric.

Answers come from a normal attitude through the question's rounding; the attitude is chosen so that promoters and
detractors have the wanted shares.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from sim.checks import Checked, InputError, count, quantity
from sim.streams import Streams, normal
from sim.verify.check import Check, share
from sim.verify.worlds import without_effects

if TYPE_CHECKING:
    from sim.surveys.question import Question

ANSWERS: Final = 150_000
SURVEYS: Final = 1_500
Z: Final = 1.959963984540054


@dataclass(frozen=True)
class Score(Checked):
    """Surveys of `answers` people each."""

    name: ClassVar[str] = "nps"
    textbook: ClassVar[dict[str, float]] = {"promoters": 0.5, "detractors": 0.2, "answers": 100}

    promoters: float = quantity("share", 0.02, 0.96, "people who answer 9 or 10")
    detractors: float = quantity("share", 0.02, 0.96, "people who answer 0 to 6")
    answers: int = count(10, 1000, "answers of one survey")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.promoters + self.detractors > 0.98:
            raise InputError(
                f"nps.promoters + nps.detractors must be at most 0.98, got {self.promoters + self.detractors:g}"
            )

    def checks(self, scale: int, seed: int) -> list[Check]:
        """Shares and score of all answers; how far scores of single surveys lie from it, and how often too far."""
        from sim.metrics.scores import DETRACTOR_BELOW, PROMOTER_FROM, net_promoter_score, nps_margin

        asked = self._asked(scale * max(100, min(SURVEYS, ANSWERS // self.answers)), seed)
        scores = np.array([net_promoter_score(one) for one in asked])
        margin = nps_margin(self.promoters, self.detractors, self.answers)
        away = np.abs(scores - 100.0 * (self.promoters - self.detractors))
        count = {"promoters": asked >= PROMOTER_FROM, "detractors": asked < DETRACTOR_BELOW}
        found = [share(self.name, kind, int(who.sum()), asked.size, getattr(self, kind)) for kind, who in count.items()]
        within = share(self.name, "within_margin", int((away <= margin + 1e-9).sum()), len(asked), self._within)
        return [*found, self._margin(away, margin), within]

    def _asked(self, surveys: int, seed: int) -> NDArray[np.float64]:
        """Answers (surveys, people)."""
        from sim.surveys.instrument import Impression

        question, felt = self._question(), Impression(0.0, 0.0, 0.5, 0.5, 0.0, 0.0)
        draw = Streams(seed, 0, blocks_kept=8).purpose("verify answer", 12)
        people = range(self.answers)
        said = [question.answer(felt, normal(draw(survey, i))) for survey in range(surveys) for i in people]
        return np.array(said).reshape(surveys, self.answers)

    def _question(self) -> Question:
        """The shipped question with an attitude that has the wanted shares beyond its cuts."""
        from scipy.special import ndtri

        from sim.surveys.question import Question

        high, low = -float(ndtri(self.promoters)), float(ndtri(self.detractors))
        shipped = without_effects().survey.instruments["nps"]
        assert isinstance(shipped, Question)
        deviation = 2.0 / (high - low)
        return replace(shipped, centre=6.5 - low * deviation, noise_sd=deviation)

    def _margin(self, away: NDArray[np.float64], exact: float) -> Check:
        """1.96 root mean squared distances; a gamma law matched to their exact mean and variance judges it."""
        from scipy.special import chdtr, chdtrc

        p, d, n = self.promoters, self.detractors, self.answers
        values, chances = 100.0 * np.array([1.0, -1.0, 0.0]), np.array([p, d, 1.0 - p - d])
        apart = values - values @ chances
        second, fourth = chances @ apart**2, chances @ apart**4
        of_mean = (fourth + 3.0 * (n - 1) * second**2) / n**3
        scatter = of_mean / (second / n) ** 2 - 1.0
        freedom = 2.0 * away.size / scatter
        ratio = float((away**2).mean() / (second / n))
        tail = 2.0 * min(float(chdtr(freedom, freedom * ratio)), float(chdtrc(freedom, freedom * ratio)))
        simulated = Z * math.sqrt(float((away**2).mean()))
        error = exact * math.sqrt(scatter / away.size) / 2.0
        return Check(self.name, "margin", simulated, exact, error, min(1.0, tail))

    @property
    def _within(self) -> float:
        """Exact chance that a survey's score lies within the margin of the truth: sums of +1, 0, -1."""
        p, d = self.promoters, self.detractors
        law, step = np.ones(1), np.array([d, 1.0 - p - d, p])
        for _ in range(self.answers):
            law = np.convolve(law, step)
        scores = 100.0 * np.arange(-self.answers, self.answers + 1) / self.answers
        margin = Z * 100.0 * math.sqrt((p + d - (p - d) ** 2) / self.answers)
        return float(law[np.abs(scores - 100.0 * (p - d)) <= margin + 1e-9].sum())
