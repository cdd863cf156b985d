"""The natural process: experience comes from touches, outcome from fit, quality and adoption."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

from sim.checks import Checked, quantity
from sim.processes.needs import Changes, needs_change
from sim.rules import adoption, experience
from sim.rules.common import levered, saturate
from sim.rules.value import standardised
from sim.units import DAYS_PER_YEAR

if TYPE_CHECKING:
    from sim.agents.customer import Customer
    from sim.agents.firm import Firm


@dataclass(frozen=True)
class Natural(Checked):
    """Two different processes for two different things."""

    loss_aversion: float = quantity("1", 0, 10, "how much more a disappointment counts than a pleasure")
    memory_step: float = quantity("share", 0, 1, "share of memory replaced by one touch")
    half_life_days: float = quantity("days", 0.1, 1e6, "time in which memory fades by half")
    peak_share: float = quantity("share", 0, 1, "weight of the strongest touch in experience")
    standard: float = quantity("1", -2, 2, "quality of service expected by a newcomer")
    standard_per_year: float = quantity("1/year", -1, 1, "rise of what is expected in the market")
    expectation_step: float = quantity("share", 0, 1, "adaptation of the expected service at one touch")
    wait_weight: float = quantity("1", 0, 5, "quality lost per unit of ln(1 + days waited)")
    adoption_gain: float = quantity("1", 0, 5, "g_E: how far experience moves the target of adoption")
    product_memory_share: float = quantity("share", 0, 1, "how far the product's outcome enters experience")
    awareness_floor: float = quantity("share", 0, 1, "share of the outcome gap noticed at once")
    awareness_days: float = quantity("days", 0.1, 1e5, "time constant of noticing the rest")
    outcome_expectation_step: float = quantity("share", 0, 1, "adaptation of the expected outcome at a renewal")

    def begin(self, c: Customer, now: float) -> None:
        """A new lead expects the market's standard."""
        c.latent.expected_service = self._standard_at(now)

    def _standard_at(self, now: float) -> float:
        """The market's standard of service, which rises by itself."""
        return self.standard + self.standard_per_year * now / DAYS_PER_YEAR

    def touch(
        self, c: Customer, now: float, courtesy: float, wait_days: float, noise: float, strength: float = 1.0
    ) -> float:
        """A touch of this courtesy after this wait; returns the quality felt. A touch of `strength` below
        1 moves memory, peak and expectation that much less."""
        mind = c.latent
        mind.felt = felt = experience.quality(courtesy, wait_days, self.wait_weight, noise)
        drift = self.standard_per_year * (now - mind.memory_days) / DAYS_PER_YEAR
        mind.expected_service += drift
        mind.gap = felt - mind.expected_service
        value = experience.disconfirmation(felt, mind.expected_service, self.loss_aversion)
        memory = experience.remembered(mind.memory, now - mind.memory_days, self.half_life_days)
        mind.memory = experience.moved(memory, value, strength * self.memory_step)
        mind.memory_days = now
        mind.peak = experience.peak_of(mind.peak, strength * value)
        mind.expected_service = experience.moved(mind.expected_service, felt, strength * self.expectation_step)
        return felt

    def live(self, c: Customer, firm: Firm, depth_effort: float) -> None:
        """The product goes live at a depth that the implementation's effort has earned."""
        mind = c.latent
        mind.depth = saturate(depth_effort, firm.world.efforts.depth_half)
        mind.live_days = mind.seen_days = firm.clock.now
        mind.noticed_days = 0.0
        mind.release = len(firm.releases) - 1
        if isnan(mind.base_fit):
            self._first_needs(c, firm)
        self._see_release(c, firm)
        if mind.changes is not None:
            self._follow_needs(c, firm, mind.changes, firm.clock.now)
        mind.adoption = 0.0
        self.refresh(c, firm)

    def end(self, c: Customer) -> None:
        """The product is no longer used."""
        c.latent.adoption = c.latent.target = 0.0
        c.latent.live_days = float("nan")

    def advance(self, c: Customer, firm: Firm) -> None:
        """Bring adoption to now, through every release since the last visit."""
        mind, releases, now = c.latent, firm.releases, firm.clock.now
        if isnan(mind.live_days):
            mind.seen_days = now
            return
        while mind.release + 1 < len(releases) and releases[mind.release + 1].days <= now:
            if mind.changes is not None:
                self._follow_needs(c, firm, mind.changes, releases[mind.release + 1].days)
            self._run(c, firm, releases[mind.release + 1].days)
            mind.release += 1
            self._see_release(c, firm)
        if mind.changes is not None:
            self._follow_needs(c, firm, mind.changes, now)
        self._run(c, firm, now)

    def _first_needs(self, c: Customer, firm: Firm) -> None:
        """What the customer bought the product for; it may change later."""
        mind = c.latent
        mind.base_fit = c.traits.fit
        if needs_change(firm.world):
            mind.changes = Changes(firm, c)

    def _follow_needs(self, c: Customer, firm: Firm, changes: Changes, until: float) -> None:
        """Every change of needs until then, each on its day (while nothing is used, only its effect)."""
        while changes.next_days <= until:
            self._run(c, firm, changes.next_days)
            changes.happen(firm, c)
            self._see_release(c, firm)

    def _run(self, c: Customer, firm: Firm, until: float) -> None:
        """Adoption in closed form over a stretch in which nothing else changes."""
        mind, use = c.latent, firm.market.use
        span = until - mind.seen_days
        if span <= 0.0:
            return
        rate = use.adoption_rate_per_day * c.traits.learning_skill
        if not mind.valued:
            reach = adoption.days_to_reach(use.first_value_outcome / mind.ceiling, mind.adoption, mind.target, rate)
            if reach <= span:
                mind.valued = True
                when = mind.seen_days + reach
                firm.record.event(
                    when, "first_value", c.traits.customer, c.account.contract, value=when - c.account.won_days
                )
        mind.adoption, used = adoption.glide(mind.adoption, mind.target, rate, span)
        mind.use_days += used
        mind.outcome_days += mind.ceiling * used
        mind.seen_days = until

    def _see_release(self, c: Customer, firm: Firm) -> None:
        """Effective fit, and with quality the outcome at full adoption, of the release in use."""
        mind = c.latent
        release = firm.releases[mind.release]
        mind.fit = adoption.fit_effective(mind.base_fit, release.improvement - mind.apart.base_improvement)
        mind.ceiling = mind.fit * release.quality

    def refresh(self, c: Customer, firm: Firm) -> None:
        """Let memory fade to now and set the target of adoption for the time until the next event."""
        mind, now = c.latent, firm.clock.now
        if now > mind.memory_days:
            mind.memory = experience.remembered(mind.memory, now - mind.memory_days, self.half_life_days)
            mind.expected_service += self.standard_per_year * (now - mind.memory_days) / DAYS_PER_YEAR
            mind.memory_days = now
        felt = experience.experience(mind.memory, mind.peak, self.peak_share)
        if self.product_memory_share > 0.0:
            gap = self.perceived(c, firm)
            felt = (1.0 - self.product_memory_share) * felt + self.product_memory_share * gap
        mind.experience = felt
        troubles = mind.open_problems + mind.silent
        mind.target = adoption.target(mind.restraint * mind.diligence * mind.depth, self.adoption_gain, felt, troubles)

    def wave(self, c: Customer, firm: Firm, wave: int) -> None:
        """Calendar waves change nothing by themselves, but where rivals copy they look, and customers hear of it."""
        followers = firm.followers
        if followers is not None and c.account.contract:
            now, reference = firm.clock.now, firm.market.reference
            usual = reference.usual_outcome(now - c.account.won_days)
            followers.observe(c.latent.felt - self._standard_at(now), self.outcome(c, firm) - usual)
            followers.tell_service(c)
            followers.tell_outcome(c)

    def contact(self, c: Customer, firm: Firm, effort: float, warmth: float) -> None:
        """A success contact raises depth of use towards full use; fit only where the world lets it."""
        efforts, lever, managing = firm.world.efforts, firm.world.levers.contact, firm.managing
        done = saturate(effort * (1.0 - warmth), efforts.contact_half)
        if managing is not None:
            done *= 1.0 if c.traits.buyer_is_user else managing.reach_of_user
            self.deliver(c, firm, levered(managing.realignment * done, 0.0, lever))
        gain = levered(efforts.contact_depth_gain * done, 0.0, lever)
        c.latent.depth += gain * (1.0 - c.latent.depth)

    def deliver(self, c: Customer, firm: Firm, share: float) -> None:
        """Less of the fit is missing."""
        c.latent.base_fit = adoption.realigned(c.latent.base_fit, share)
        self._see_release(c, firm)

    def decided(self, c: Customer, firm: Firm) -> None:
        """After a renewal the expected outcome moves towards what was delivered."""
        step = self.outcome_expectation_step
        if step > 0.0:
            mind = c.latent
            mind.expected_outcome = experience.moved(mind.expected_outcome, self.outcome(c, firm), step)

    def use(self, c: Customer) -> float:
        """Adoption as it drives tickets and meters."""
        return c.latent.adoption

    def fit(self, c: Customer, firm: Firm) -> float:
        """Effective fit as it drives tickets."""
        return c.latent.fit

    def outcome(self, c: Customer, firm: Firm) -> float:
        """O(t), share of the goal attained."""
        return c.latent.ceiling * c.latent.adoption

    def perceived(self, c: Customer, firm: Firm) -> float:
        """O_p = awareness(tenure) (O - X_O), by the share of the product that both are about."""
        mind = c.latent
        tenure = 0.0 if isnan(mind.live_days) else firm.clock.now - mind.live_days + mind.noticed_days
        noticed = adoption.awareness(tenure, self.awareness_floor, self.awareness_days)
        return noticed * (self.outcome(c, firm) - mind.expected_outcome) / mind.covered

    def z_experience(self, c: Customer, firm: Firm) -> float:
        """E against the frozen reference."""
        reference = firm.market.reference
        return standardised(c.latent.experience, reference.experience_mean, reference.experience_sd)

    def z_outcome(self, c: Customer, firm: Firm) -> float:
        """O_p against the frozen reference."""
        reference = firm.market.reference
        return standardised(self.perceived(c, firm), reference.perceived_outcome_mean, reference.perceived_outcome_sd)

    def z_unlimited(self, c: Customer, firm: Firm) -> float:
        """As deeply used as now, on all seats and functions: the outcome that is missing comes on top."""
        mind, used, reference = c.latent, c.latent.adoption, firm.market.reference
        now = self.perceived(c, firm)
        mind.adoption = 0.0
        reached = now - self.perceived(c, firm)
        mind.adoption = used
        more = now + (1.0 - mind.covered) * reached
        return standardised(more, reference.perceived_outcome_mean, reference.perceived_outcome_sd)
