"""The decision points that need luck, each with its own addressed stream."""

from __future__ import annotations

from collections.abc import Callable

from sim.events import TRIGGERS
from sim.streams import Draw, Run, Streams

TERMS_PER_CONTRACT = 1024
"""Term numbers of the second contract start here."""
ATTEMPTS = 8
"""Contacts of one ticket at most."""
TICKETS = 1 << 16
"""Ticket numbers of the second contact start here, so that first contacts lie close together."""
MOMENTS = 1 << 20
"""Occurrences of the second instrument (or answer channel) of a survey moment start here."""


class Draws:
    """One attribute per decision; (customer, occurrence) -> uniform."""

    def __init__(self, streams: Streams) -> None:
        once, terms, tickets, waves = 0, 2, 5, 4
        of = streams.purpose
        # attraction and sales: occurrence = touch
        self.lead: Draw = of("lead", once)
        self.referrer: Draw = of("referrer", once)
        self.pursue: Draw = of("pursue", once)
        self.seller_signal: Draw = of("seller_signal", once)
        self.customer_signal: Draw = of("customer_signal", once)
        self.cycle: Draw = of("cycle", once)
        self.sales_quality: Draw = of("sales_quality", 3)
        self.win: Draw = of("win", once)
        # implementation: occurrence = contract * 32 + task
        self.task_work: Draw = of("task_work", 2)
        self.task_quality: Draw = of("task_quality", 2)
        self.abandon: Draw = of("abandon", 2)
        self.cancel: Draw = of("cancel", once)
        self.missed: Draw = of("missed", 2)
        # changing needs: occurrence = number of the change since the day of becoming a candidate
        self.need: Draw = of("need", 3)
        # tickets: occurrence = candidate number, or attempt * TICKETS + candidate number
        self.ticket_gap: Draw = of("ticket_gap", tickets)
        self.ticket: Draw = of("ticket", tickets)
        self.ticket_kind: Draw = of("ticket_kind", tickets)
        # one row of four for each contact: work, quality, solves, reopen (they are needed together)
        self.contact: Run = streams.runs("contact", 2)
        # one row of eight for each problem, one of two for each fix unasked: 2 * candidate number + telemetry
        self.silence: Run = streams.runs("silence", 3)
        self.silent_fix: Run = streams.runs("silent_fix", 1)
        # how a ticket is conducted, by candidate number; the way in a customer prefers
        self.conduct: Draw = of("conduct", tickets)
        self.channel: Draw = of("channel", once)
        # one row of four for each search for an article, by ticket candidate: looks, helps, answers
        self.search: Run = streams.runs("search", 2)
        # incidents: occurrence = number of the possible incident
        self.incident_gap: Draw = of("incident_gap", 4)
        self.incident: Draw = of("incident", 4)
        self.incident_hit: Draw = of("incident_hit", 4)
        self.incident_calm: Draw = of("incident_calm", 4)
        # one row of four for each touch: TOUCHES * kind of touch + its own occurrence
        self.reaction: Run = streams.runs("reaction", 2)
        # waves: occurrence = wave
        self.lot: Draw = of("lot", waves)
        self.success_work: Draw = of("success_work", waves)
        self.success_quality: Draw = of("success_quality", waves)
        self.upgrade_work: Draw = of("upgrade_work", waves)
        self.engagement: Draw = of("engagement", waves)
        self.voice: Draw = of("voice", waves)
        self.hearsay: Run = streams.runs("hearsay", 1)
        self.symmetric_experience: Draw = of("symmetric_experience", waves)
        self.symmetric_outcome: Draw = of("symmetric_outcome", waves)
        self.taste_experience: Draw = of("taste_experience", once)
        self.taste_outcome: Draw = of("taste_outcome", once)
        # terms: occurrence = contract * TERMS_PER_CONTRACT + term
        self.champion: Draw = of("champion", terms)
        self.involuntary: Draw = of("involuntary", terms)
        self.renew: Draw = of("renew", terms)
        self.seats: Draw = of("seats", terms)
        self.upgrade: Draw = of("upgrade", terms)
        self.stated: Draw = of("stated", 3)
        self.win_back: Draw = of("win_back", once)
        self.farewell: Draw = of("farewell", once)
        self.meter: Draw = of("meter", terms)
        self.extreme_style: Draw = of("extreme_style", once)
        self.dispute: Draw = of("dispute", terms)
        self.tariff_lot: Draw = of("tariff_lot", once)
        # nobody's own: occurrence = year
        self.season: Draw = of("season", once)
        # transformation: occurrence = decision point
        self.turn: Draw = of("turn", waves)
        self._people(of, terms, waves)
        self._survey_moments(streams)

    def _people(self, of: Callable[[str, int], Draw], terms: int, waves: int) -> None:
        """Feelings and gestures; occurrence = term, wave, contract or kind of premium."""
        self.gap: Draw = of("purchase_gap", terms)
        self.never_again: Draw = of("never_again", 0)
        self.premium: Draw = of("premium", 1)
        self.surprise: Draw = of("surprise", waves)
        self.story: Draw = of("story", waves)
        self.praise: Draw = of("praise", waves)

    def _survey_moments(self, streams: Streams) -> None:
        """Occurrence of the moment + MOMENTS * instrument or channel."""
        of, once, tickets, waves = streams.purpose, 0, 5, 4
        depth = {"wave": waves, "contact_end": tickets, "at_resolution": tickets}
        self.answer_noise = {t: of(f"answer_noise_{t}", depth.get(t, once)) for t in TRIGGERS}
        self.response = {t: of(f"response_{t}", depth.get(t, once)) for t in TRIGGERS}
        self.invite = {t: of(f"invite_{t}", depth.get(t, once)) for t in TRIGGERS}
        self.audit = {t: of(f"audit_{t}", depth.get(t, once)) for t in TRIGGERS}
