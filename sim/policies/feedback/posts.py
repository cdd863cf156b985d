"""Listening posts for everybody, or for the happy or the unhappy only."""

from dataclasses import dataclass
from math import isnan

from sim.checks import Checked, flag, quantity
from sim.policies.feedback import Uptake
from sim.policies.views import FeedbackView

LOST = Uptake(0.0, False, False, 0.0)


@dataclass(frozen=True)
class Posts(Checked):
    """The same posts for every customer whose last score lies in a band."""

    share: float = quantity("share", 0, 1, "what is said that the posts have the capacity to take up")
    lowest_score: float = quantity("scale", 0, 10, "hear customers from this last score on")
    highest_score: float = quantity("scale", 0, 10, "hear customers up to this last score")
    silent_too: bool = flag("customers who never answered a survey are heard as well")
    read: bool = flag("words are read in full, not only counted")
    routed: bool = flag("a matrix names the fixer for each matter")
    tool_share: float = quantity("share", 0, 1, "what goes through the ticketing tool instead of chats")

    @property
    def listens(self) -> bool:
        """There is capacity at all."""
        return self.share > 0.0

    def take_up(self, word: FeedbackView) -> Uptake:
        """The same treatment for everybody in the band."""
        heard = self.silent_too if isnan(word.score) else self.lowest_score <= word.score <= self.highest_score
        return Uptake(self.share, self.read, self.routed, self.tool_share) if heard else LOST
