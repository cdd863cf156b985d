"""A measured outcome: telemetry or a joint review, with noise, lag and coverage."""

from dataclasses import dataclass

from sim.checks import Checked, count, quantity, text
from sim.rules.common import clip
from sim.surveys.instrument import Impression


@dataclass(frozen=True)
class OutcomeReading(Checked):
    """Reads the share of the goal attained."""

    name: str = text("name in the tables")
    channel: int = count(0, 3, "instruments of one channel are answered together")
    lag_waves: int = count(0, 20, "waves between the state and its reading")
    noise_sd: float = quantity("share", 0, 5, "noise of one reading")
    coverage_logit: float = quantity("logit", -20, 20, "logit of a reading being obtained, whoever it is of")

    def true_answer(self, felt: Impression) -> float:
        """The outcome itself."""
        return felt.outcome

    def answer(self, felt: Impression, noise: float) -> float:
        """The outcome with noise, inside [0, 1]."""
        return clip(felt.outcome + self.noise_sd * noise, 0.0, 1.0)
