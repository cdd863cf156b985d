"""What people are besides experience and outcome: personas, what they do when treated badly, what they feel for a
brand, what they pay for, what they recommend, how they buy again.

Every part is absent by default; a policy that uses what the world lacks gains nothing by it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.checks import Checked, flag, part, quantity
from sim.context.personas import Personas


@dataclass(frozen=True)
class Reactions(Checked):
    """Three reactions to a touch that falls short of what was expected: tell, stop, review; and a lead that breaks
    off. The switches are the four probabilities."""

    tolerance: float = quantity("1", 0, 5, "shortfall of a touch against what was expected that is put up with")
    tell: float = quantity("probability", 0, 1, "tells others at once")
    stop: float = quantity("probability", 0, 1, "decides at once whether to go on, instead of at the end of the term")
    review: float = quantity("probability", 0, 1, "writes a public review")
    abandon: float = quantity("probability", 0, 1, "a lead breaks off the purchase")
    anger: float = quantity("logit", 0, 10, "logit of going on lost in a decision taken at once")
    never_again: float = quantity("share", 0, 1, "of those who gave notice in anger, share that never comes back")

    @property
    def acts(self) -> bool:
        """Whether anybody ever reacts."""
        return max(self.tell, self.stop, self.review, self.abandon) > 0.0


@dataclass(frozen=True)
class Talk(Checked):
    """What possible customers hear before they ask: stories told among people, and public reviews. A teller reaches
    random ones among those who become candidates while the story is told."""

    people: float = quantity("people", 0, 1000, "possible customers that one teller of social reach 1 reaches")
    half_life_days: float = quantity("days", 1, 5000, "time in which a story is told half as much")
    deters: float = quantity("probability", 0, 1, "a possible customer who was warned stays away")
    attracts: float = quantity("share", 0, 10, "more attraction for somebody who heard a good story")
    review_gain: float = quantity("share", 0, 1, "relative change of leads if all reviews are good (or bad)")
    review_prior: float = quantity("reviews", 0.1, 1e6, "reviews' worth of neutral opinion")
    review_half_life_days: float = quantity("days", 1, 10_000, "time in which a review is read half as much")
    praise: float = quantity("probability", 0, 1, "somebody who advocates at a wave also writes a review")

    @property
    def heard(self) -> bool:
        """Whether anything said moves a possible customer."""
        return (self.people > 0.0 and (self.deters > 0.0 or self.attracts > 0.0)) or self.review_gain > 0.0


@dataclass(frozen=True)
class Attachment(Checked):
    """Emotional engagement: a trait with mean 0 and standard deviation 1, which may go with fit (selection)."""

    repurchase: float = quantity("logit", -5, 5, "logit of staying or buying again per sd")
    recommend: float = quantity("logit", -5, 5, "logit of recommending per sd")
    with_fit: float = quantity("1", -1, 1, "correlation with the fit of the product")
    warms: float = quantity("sd", 0, 5, "engagement added by a delightful surprise")

    @property
    def felt(self) -> bool:
        """Whether there is any such feeling to speak of."""
        return any((self.repurchase, self.recommend, self.with_fit, self.warms))


@dataclass(frozen=True)
class Repurchase(Checked):
    """A relationship without terms: nothing renews by itself, each purchase is decided anew, and leaving is silent."""

    each_time: bool = flag("every purchase is decided anew, by the same V; a term is the mean time between two")
    gap_sigma: float = quantity("log sd", 0, 2, "spread of the time between two purchases (lognormal)")
    inertia_lost: float = quantity("logit", 0, 20, "logit of going on that a contract which renews by itself has more")


@dataclass(frozen=True)
class Kindness(Checked):
    """What gestures of the organisation do: thanks, rare delightful surprises, personal treatment."""

    thanks_quality: float = quantity("1", -2, 3, "quality felt when thanked")
    thanks_strength: float = quantity("share", 0, 1, "how strongly thanks count, as a share of a contact")
    thanks_cost: float = quantity("1", 0, 1000, "cost of thanks relative to a survey invitation")
    delight_quality: float = quantity("1", 0, 10, "quality felt at a surprise beyond what was expected, at most")
    delight_half: float = quantity("effort", 0.01, 100, "effort that reaches half of it (diminishing return)")
    delight_strength: float = quantity("share", 0, 1, "how strongly a surprise counts, as a share of a contact")
    delight_cost: float = quantity("1", 0, 100, "cost of a surprise at effort 1, in months of the list price")
    delight_told: float = quantity("probability", 0, 1, "the story of a surprise is told")
    delight_reach: float = quantity("1", 0, 10_000, "people who hear such a story, relative to an ordinary one")
    personal_gain: float = quantity("1", 0, 10, "quality gained per unit of depth of personal treatment")
    personal_creepy: float = quantity("1", 0, 10, "quality lost per squared unit of depth (inverted U)")
    personal_strength: float = quantity("share", 0, 1, "how strongly it counts, as a share of a contact")
    personal_cost: float = quantity("1", 0, 1000, "cost of depth 1 relative to usage telemetry")


@dataclass(frozen=True)
class Premium(Checked):
    """Readiness to pay more, as far as what people say in surveys is what they do."""

    friendly_share: float = quantity("share", 0, 1, "customers who say they pay more for friendly service")
    friendly: float = quantity("share", 0, 2, "how much more, while service is better than usual")
    convenient_share: float = quantity("share", 0, 1, "customers who say they pay more for convenience")
    convenient: float = quantity("share", 0, 2, "how much more, while nothing is left for them to do")
    deeds: float = quantity("share", 0, 1, "share of those who say so who act so")

    @property
    def paid(self) -> bool:
        """Whether anybody ever pays more."""
        return self.deeds * max(self.friendly_share * self.friendly, self.convenient_share * self.convenient) > 0.0


@dataclass(frozen=True)
class Uses(Checked):
    """What a product is used for: ordinary matters and important ones, each recommended or not."""

    important_share: float = quantity("share", 0, 1, "uses, and referrals, in which much is at stake; 0: none")
    stakes: float = quantity("logit", 0, 20, "logit of recommending for these lost per unit of the worst touch")


@dataclass(frozen=True)
class Society(Checked):
    """All of them."""

    personas: Personas = part("kinds of people")
    reactions: Reactions = part("what a bad touch leads to")
    talk: Talk = part("what possible customers hear")
    attachment: Attachment = part("emotional engagement")
    repurchase: Repurchase = part("relationships without terms")
    kindness: Kindness = part("what gestures do")
    premium: Premium = part("what friendliness and convenience are worth")
    uses: Uses = part("recommendation per use")
