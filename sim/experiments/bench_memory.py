"""Memory figures of `outcomelab bench`: what one customer under contract occupies while it waits."""

from __future__ import annotations

import gc
import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.streams import BLOCK, Streams
from sim.units import days, months

if TYPE_CHECKING:
    from sim.agents.firm import Firm
    from sim.context.market import Market
    from sim.scenario import Scenario

CUSTOMERS, CANDIDATES_PER_MONTH = 2000, 100.0
BLOCK_BYTES = 8 * BLOCK
LARGE = 40.0
"""Population of the draw-block figure relative to the default, where blocks are as many as customers."""


def bytes_of_traits(scenario: Scenario) -> float:
    """Who a candidate is, drawn for everybody before the simulation begins."""
    from sim.agents.population import candidates

    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    people = candidates(_busy(scenario), scenario.survey, Streams(0, 0), days(CUSTOMERS / CANDIDATES_PER_MONTH))
    gc.collect()
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return used / len(people)


def _busy(scenario: Scenario) -> Market:
    """The scenario's market with candidates enough."""
    arrival = replace(scenario.market.arrival, candidates_per_month=CANDIDATES_PER_MONTH)
    return replace(scenario.market, arrival=arrival)


def bytes_per_live_customer(scenario: Scenario) -> float:
    """Object, account, latent state, agenda, generator and pending event of a customer in use.

    Draw blocks and recorded rows are taken out; traits, which every candidate has, are not in it.
    """
    from sim.agents.contracting import sign
    from sim.agents.customer import Customer
    from sim.agents.firm import Release
    from sim.agents.population import candidates
    from sim.agents.relationship import live_together
    from sim.simulation import new_firm

    streams = Streams(0, 0, blocks_kept=1 << 20)
    entry_days = days(1.2 * CUSTOMERS / CANDIDATES_PER_MONTH)
    people = candidates(_busy(scenario), scenario.survey, streams, entry_days)[:CUSTOMERS]
    firm = new_firm(scenario, streams)
    firm.clock._now = people[-1].candidate_days + 1.0
    firm.releases.append(Release(0.0, 0.9, 0.0, 1.0, 0.0))
    gc.collect()
    tracemalloc.start()
    before, blocks, rows = tracemalloc.get_traced_memory()[0], streams.blocks_made, _recorded(firm)
    lives = []
    for traits in people:
        c = Customer(traits)
        sign(firm, c)
        c.account.go_live_days = firm.clock.now
        firm.world.process.live(c, firm, 0.5)
        life = live_together(firm, c)
        next(life)
        lives.append(life)
    gc.collect()
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    used -= (streams.blocks_made - blocks) * BLOCK_BYTES + _recorded(firm) - rows
    return used / len(lives)


def _recorded(firm: Firm) -> int:
    """Bytes of recorded rows."""
    return sum(len(table.rows) for table in firm.record.tables.values())


def bytes_per_draw_block_customer(scenario: Scenario) -> float:
    """Draw blocks held per candidate in a large population."""
    from sim.simulation import blocks_kept

    arrival = scenario.market.arrival
    candidates = LARGE * arrival.candidates_per_month * months(scenario.windows.entry_days)
    return blocks_kept(int(candidates)) * BLOCK_BYTES / candidates
