"""Who answers: an invitation is taken up or not before its questions are read, so one rule holds for all of them."""

from dataclasses import dataclass

from sim.checks import Checked, or_null, quantity
from sim.surveys.instrument import Impression, felt_level


@dataclass(frozen=True)
class Response(Checked):
    """People with strong feelings, users and the willing answer more."""

    intercept: float = quantity("logit", -20, 20, "logit of answering an invitation")
    propensity: float = quantity("1", 0, 5, "weight of the person's propensity to answer")
    extremity: float = quantity("logit", -5, 5, "logit per standard deviation of feeling away from average")
    engagement: float = quantity("logit", -5, 5, "logit per unit of adoption above one half")
    share_experience: float | None = or_null(
        quantity("share", 0, 1, "weight of experience in that feeling; null: as customers decide")
    )

    def logit(self, felt: Impression, propensity: float, adoption: float) -> float:
        """Logit of answering, whatever is asked."""
        return (
            self.intercept
            + self.propensity * propensity
            + self.extremity * abs(felt_level(felt, self.share_experience))
            + self.engagement * (adoption - 0.5)
        )
