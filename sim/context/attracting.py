"""How people come to a firm and buy: what they read, gates, calls, meetings, ways to buy, checkouts, answers in public.

Every part is absent by default; a policy that uses what the world lacks pays for it and gains nothing by it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.checks import Checked, InputError, part, quantity, series

WAYS = ("web", "app", "rep")
"""Ways to buy, in the order of the series below; the last one is a seller."""


@dataclass(frozen=True)
class Material(Checked):
    """What good information, easily read, does to who asks for more and to what they expect."""

    half: float = quantity("share", 0.001, 10, "share of planned marketing money that makes information half as good")
    lead_gain: float = quantity("share", -1, 10, "more pull on candidates where information is as good as can be")
    accuracy: float = quantity("share", 0, 1, "share of the noise in a customer's idea of the fit that it then removes")


@dataclass(frozen=True)
class Research(Checked):
    """What a candidate reads and hears before it asks anybody at the firm."""

    days: float = quantity("days", 0, 1000, "median time of it; 0: asks at once")
    sigma: float = quantity("log sd", 0, 2, "spread of that time (lognormal)")


@dataclass(frozen=True)
class Gate(Checked):
    """Content for which an address has to be left."""

    avoiding: float = quantity("probability", 0, 1, "somebody who would ask for more goes elsewhere at a gate")
    captured: float = quantity("probability", 0, 1, "somebody who would not ask leaves an address for it")
    delay_days: float = quantity("days", 0, 1000, "time by which whoever meets a gate is later")


@dataclass(frozen=True)
class Calling(Checked):
    """Calls to people who have not asked. The switches are the two probabilities."""

    hours: float = quantity("1", 0, 20, "work of a call and what leads to it, relative to a sales touch")
    cold: float = quantity("probability", 0, 1, "somebody called out of the blue becomes a lead, at time 0")
    decline_per_year: float = quantity("1/year", -5, 5, "rate at which that falls")
    contacts: float = quantity("probability", 0, 1, "somebody who left an address becomes a lead when called")


@dataclass(frozen=True)
class Meetings(Checked):
    """What sellers' manner and number of touches do. The switches are both numbers."""

    refused: float = quantity("probability", 0, 1, "a lead refuses to meet sellers who show no courtesy at all")
    persistence: float = quantity("logit", -5, 5, "win logit gained each time the number of touches doubles")

    @property
    def matter(self) -> bool:
        """Whether either does anything."""
        return self.refused > 0.0 or self.persistence != 0.0


@dataclass(frozen=True)
class Ways(Checked):
    """Ways to buy; each buyer prefers one."""

    shares: tuple[float, ...] = series("share", 0, 1, "candidates who prefer web, app, rep at time 0; empty: one way")
    drift: tuple[float, ...] = series("1/year", -5, 5, "growth of the preference for web, app, rep")
    skill: float = quantity("share", 0, 1, "what web and app do for winning, in units of sellers' skill")
    courtesy: float = quantity("share", 0, 1, "courtesy felt where no seller is met")
    missed: float = quantity("logit", 0, 10, "win logit lost where the preferred way is not open")
    upkeep: float = quantity("share", 0, 1, "planned marketing money that a way costs where it is open to everybody")

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.drift) != len(WAYS) or len(self.shares) not in (0, len(WAYS)):
            raise InputError(f"world.attracting.ways needs one number each for {', '.join(WAYS)}")
        if self.shares and abs(sum(self.shares) - 1.0) > 1e-9:
            raise InputError(f"world.attracting.ways.shares must sum to 1, got {sum(self.shares):g}")


@dataclass(frozen=True)
class Checkout(Checked):
    """What happens where a charge that no quote mentioned shows before the signature."""

    seen: float = quantity("probability", 0, 1, "a buyer sees it in time")
    surprise: float = quantity("logit", 0, 10, "win logit lost to the surprise, besides the price")
    quality: float = quantity("1", -2, 2, "quality felt by whoever leaves because of it")


@dataclass(frozen=True)
class Replies(Checked):
    """What an organisation's public answer does to a story or a review (see world.society.talk)."""

    hours: float = quantity("1", 0, 20, "work of an answer relative to a support contact")
    public: float = quantity("share", 0, 1, "share of an echo that can be answered; 0: none")
    calms: float = quantity("share", -1, 1, "share of what is left of a bad echo that it ends; below 0: it stirs")
    amplifies: float = quantity("share", -1, 10, "how much it adds to what is left of a good one")


@dataclass(frozen=True)
class Diffusion(Checked):
    """A market that is used up by those who buy, and in which buyers are imitated (Bass 1969)."""

    market_months: float = quantity("months", 0, 1e6, "possible customers, as months of candidates; 0: never used up")
    imitation: float = quantity("1", 0, 1000, "more pull, if all have bought, relative to none: q / p")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.imitation > 0.0 and self.market_months == 0.0:
            raise InputError("world.attracting.diffusion.imitation needs market_months above 0, got 0")


@dataclass(frozen=True)
class Attracting(Checked):
    """All of them."""

    material: Material = part("what good information does")
    research: Research = part("what comes before the first contact")
    gate: Gate = part("what a gate before content does")
    calling: Calling = part("calls to people who have not asked")
    meetings: Meetings = part("what sellers' manner and number of touches do")
    ways: Ways = part("ways to buy")
    checkout: Checkout = part("charges that show at the last moment")
    replies: Replies = part("what answers in public do")
    diffusion: Diffusion = part("a market that is used up, and imitation")
