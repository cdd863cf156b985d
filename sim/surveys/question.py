"""A question answered on a scale of whole points: NPS, CSAT and CES differ in their YAML only."""

from dataclasses import dataclass
from typing import ClassVar

from sim.checks import Checked, count, or_null, quantity, text
from sim.surveys.instrument import Impression, felt_level, on_scale


@dataclass(frozen=True)
class Question(Checked):
    """NPS 0-10 (Reichheld 2003), CSAT 1-5, CES 1-7 or 1-5 (Dixon, Freeman & Toman 2010)."""

    name: str = text("name in the tables")
    channel: int = count(0, 3, "instruments of one channel are answered together")
    low: float = quantity("point", -100, 100, "lowest point of the scale")
    high: float = quantity("point", -100, 1000, "highest point of the scale")
    centre: float = quantity("point", -100, 1000, "answer at average experience and outcome")
    slope: float = quantity("point/sd", 0, 100, "points per standard deviation of what is felt")
    share_experience: float | None = or_null(
        quantity("share", 0, 1, "weight of experience in the answer; null: as customers decide")
    )
    noise_sd: float = quantity("point", 0, 100, "answer noise")
    style_weight: float = quantity("point", 0, 100, "points per unit of response style and halo")

    lag_waves: ClassVar[int] = 0
    """people answer for the day they are asked"""
    coverage_logit: ClassVar[None] = None
    """it is put to people, whose response is the programme's"""

    def true_answer(self, felt: Impression) -> float:
        """centre + slope * what is felt."""
        return self.centre + self.slope * felt_level(felt, self.share_experience)

    def answer(self, felt: Impression, noise: float) -> float:
        """The rounded answer with style, halo and noise."""
        bias, level = self.style_weight * (felt.style + felt.halo), self.true_answer(felt)
        if felt.stretch != 1.0:
            level = self.centre + felt.stretch * (level - self.centre)
        return on_scale(level + bias + self.noise_sd * noise, self.low, self.high)
