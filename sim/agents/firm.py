"""What processes share: fields only. No rule and no decision lives here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sim.policies.attraction import RESERVED, Presence

if TYPE_CHECKING:
    from sim.agents.circle import Circle
    from sim.agents.climate import Climate
    from sim.agents.clock import Clock
    from sim.agents.course import Course
    from sim.agents.crew import Crew
    from sim.agents.crowd import Crowd
    from sim.agents.desk import Desk
    from sim.agents.draws import Draws
    from sim.agents.followers import Followers
    from sim.agents.front import Front
    from sim.agents.gaming import Gaming
    from sim.agents.hearing import Hearing
    from sim.agents.purse import Purse
    from sim.agents.steering import Wheel
    from sim.agents.team import Team
    from sim.context.asking import Asking
    from sim.context.charging import Charging
    from sim.context.managing import Managing
    from sim.context.market import Market
    from sim.context.silence import Silence
    from sim.context.stakes import Stakes
    from sim.context.world import World
    from sim.policies.bundle import Policy
    from sim.policies.engagement import Engagement
    from sim.policies.gestures import Gestures
    from sim.policies.upgrade import Upgrade
    from sim.pricing.tariff import Free, Tariff
    from sim.recorder import Recorder
    from sim.scenario import Windows
    from sim.surveys.programme import Asked, Programme


class Release(NamedTuple):
    """State of the product from `days` on; the same for all customers."""

    days: float
    quality: float
    improvement: float
    """exponent of fit improvement"""
    defect_level: float
    """defects relative to time 0, in [0, 1]"""
    prevention: float
    """share of tickets that service design prevents"""


@dataclass
class Firm:
    """One organisation in one replication."""

    clock: Clock
    record: Recorder
    draws: Draws
    market: Market
    world: World
    policy: Policy
    tariff: Tariff
    programme: Programme
    windows: Windows
    budget_scale: float
    """money of every month relative to the reference plan"""
    sales: Team
    onboarding: Team
    support: Desk
    success: Team
    crews: tuple[Crew, ...]
    """the people behind each team"""
    course: Course | None
    """the way from one bundle to another; None for an organisation that stays as it is"""
    purse: Purse
    crowd: Crowd
    engagement: Engagement | None
    """None where the product never speaks to its users"""
    upgrade: Upgrade | None
    """None where no upgrade is ever offered"""
    hearing: Hearing | None
    """None where nothing that customers say is ever taken up"""
    front: Front
    """how it meets people who are not yet customers"""
    silence: Silence | None
    """None where every problem is reported"""
    circle: Circle
    """what people do to each other and feel"""
    gestures: Gestures | None
    """None where nobody is thanked, surprised or treated in person"""
    climate: Climate
    followers: Followers | None
    """rivals who copy, if any do"""
    questions: dict[str, Asked]
    """trigger -> what is asked then; nothing is asked at any other"""
    wheel: Wheel | None
    """steering by a metric; None where nobody steers"""
    gaming: Gaming | None
    """None where nobody is paid by a metric"""
    asking: Asking | None
    """side effects of asking; None where there are none"""
    charging: Charging | None
    """how customers answer bills besides their burden; None where they do not"""
    stakes: Stakes | None
    """how people work when pay hangs on an outcome; None where they work as they are told"""
    managing: Managing | None
    """what a success contact does besides raising use; None where that is all"""
    free: Free | None
    """the plan without a price; None where a seller sells"""
    incident_days: tuple[float, ...]
    """when a systemic failure can happen"""
    releases: list[Release] = field(default_factory=list)
    marketing_effect: float = 1.0
    """marketing's pull relative to plan"""
    presence: Presence = RESERVED
    """how the organisation shows itself this month, as far as it reaches anybody"""
    clarity: float = 0.0
    """share of the noise in customers' ideas of the fit that information removes"""
    rejections: int = 0
    """candidates of thinned streams that were visited and came to nothing (for the bench)"""

    @property
    def now(self) -> float:
        """Simulated time in days."""
        return self.clock.now
