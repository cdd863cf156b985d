"""The support desk: a team that can share its people among queues, learns empathy and writes articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.team import Team
from sim.context.service import CHANNELS
from sim.policies.desk import Division
from sim.policies.views import PlanView, TicketView, require_view
from sim.rules.common import levered
from sim.rules.manner import PLAIN, Manner, learned
from sim.rules.tickets import kind_of

if TYPE_CHECKING:
    from sim.agents.clock import Clock
    from sim.agents.firm import Firm
    from sim.context.world import World
    from sim.policies.bundle import Policy


class Desk(Team):
    """A common queue, which it is itself; desks for one channel each and top agents where the world has them."""

    def __init__(self, clock: Clock, world: World, policy: Policy) -> None:
        super().__init__(clock, "support", unlimited=world.capacity_unlimited)
        names = CHANNELS if world.service.channels.shares else ()
        self.own = tuple(Team(clock, f"support_{name}", unlimited=self.unlimited) for name in names)
        top = world.service.escalation.top_agents
        self.top = Team(clock, "support_top", unlimited=self.unlimited) if top else None
        self.empathy = 0.0
        """trained so far, in [0, 1]"""
        self.articles = 0.0
        """completeness of the articles, in [0, 1]"""
        self.plain = not (self.own or world.service.training.per_month > 0.0 or policy.conduct.departs)
        """whether every contact is the plain one"""
        self._division = Division(0.0, 0.0, 0.0, 0.0, 0.0)
        self._top_cost = world.service.escalation.cost

    @property
    def others(self) -> tuple[Team, ...]:
        """The queues besides the common one."""
        return (*self.own, *((self.top,) if self.top else ()))

    def prepare(self, firm: Firm, view: PlanView, training_share: float) -> None:
        """Divide the coming month as the policy wants; people learn, articles are written and grow old."""
        require_view(view)
        division = self._division = firm.policy.desk.divide(view)
        training, articles = firm.world.service.training, firm.world.service.articles
        self.empathy = learned(self.empathy, training_share, training.per_month, training.fades_per_month)
        self.articles = learned(self.articles, division.writing, articles.written_per_month, articles.stale_per_month)

    def set_people(self, people: float) -> None:
        """Staff of all queues together; what is not given away works at the common desk."""
        division, rest = self._division, 1.0
        serving = people * (1.0 - division.writing)
        for team, share in zip(self.own, division, strict=False):
            team.set_people(share * serving)
            rest -= share
        if self.top is not None:
            self.top.set_people(division.top * serving / self._top_cost)
            rest -= division.top
        super().set_people(max(0.0, rest) * serving)


def conducted(firm: Firm, customer: int, number: int, view: TicketView) -> tuple[Manner, Team]:
    """How and by whom the next contact of ticket `number` is conducted.

    The lever `handling` is the share of tickets that the policy's conduct reaches (at 0 every contact
    is the plain one), and scales what training achieves.
    """
    desk, gain = firm.support, min(1.0, firm.world.levers.handling)
    manner, team = _by_channel(firm, customer) if desk.own else (PLAIN, desk)
    training, skill = firm.world.service.training, gain * desk.empathy
    manner = manner._replace(empathy=skill * training.courtesy_gain, spread=1.0 - skill * training.spread_cut)
    if gain < 1.0 and firm.draws.conduct(customer, number) >= gain:
        return manner, team
    chosen = firm.policy.conduct.conduct(view)
    manner = manner._replace(refuses=chosen.refuses, promise_days=chosen.promise_days)
    if chosen.scripted:
        manner = _scripted(firm, manner, view.kind)
    if chosen.escalated and desk.top is not None and desk.top.people > 0.0:
        return manner._replace(solves_more=firm.world.service.escalation.solves_more), desk.top
    return manner, team


def _by_channel(firm: Firm, customer: int) -> tuple[Manner, Team]:
    """The way in the customer prefers, and the desk that serves it: its own, or the common one."""
    desk, channels = firm.support, firm.world.service.channels
    way = kind_of(firm.draws.channel(customer, 0), channels.shares)
    manner = PLAIN._replace(hours=channels.hours[way], waiting=channels.waiting[way])
    if desk.own[way].people <= 0.0:
        return manner, desk
    faster = levered(channels.own_queue_hours, 1.0, firm.world.levers.work)
    return manner._replace(hours=manner.hours * faster), desk.own[way]


def _scripted(firm: Firm, manner: Manner, kind: int) -> Manner:
    """The same contact after a script."""
    scripts = firm.world.service.scripts
    hours = levered(scripts.hours, 1.0, firm.world.levers.work)
    return manner._replace(hours=manner.hours * hours, courtesy=scripts.courtesy, solves=scripts.solves[kind])
