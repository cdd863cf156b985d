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

ONCE, TERMS, WAVES, TICKET = 0, 2, 4, 5
"""Consecutive occurrences of a customer that lie in one block, as powers of two."""

Purpose = Callable[[str, int], Draw]


class Draws:
    """One attribute per decision; (customer, occurrence) -> uniform."""

    def __init__(self, streams: Streams) -> None:
        of = streams.purpose
        self._selling(of)
        self._implementing(of)
        self._helping(streams)
        self._incidents(streams)
        self._waves(streams)
        self._terms(of)
        self._shared(of)
        self._people(of)
        self._survey_moments(streams)

    def _selling(self, of: Purpose) -> None:
        """Attraction and sales: occurrence = touch."""
        self.lead: Draw = of("lead", ONCE)
        self.referrer: Draw = of("referrer", ONCE)
        self.pursue: Draw = of("pursue", ONCE)
        self.seller_signal: Draw = of("seller_signal", ONCE)
        self.customer_signal: Draw = of("customer_signal", ONCE)
        self.cycle: Draw = of("cycle", ONCE)
        self.sales_quality: Draw = of("sales_quality", 3)
        self.win: Draw = of("win", ONCE)
        self._coming(of)

    def _coming(self, of: Purpose) -> None:
        """Before a lead and around the sale: once for each candidate."""
        self.research: Draw = of("research", ONCE)
        self.gate: Draw = of("gate", ONCE)
        self.called: Draw = of("called", ONCE)
        self.agrees: Draw = of("agrees", ONCE)
        self.meeting: Draw = of("meeting", ONCE)
        self.way: Draw = of("way", ONCE)
        self.way_open: Draw = of("way_open", ONCE)
        self.checkout: Draw = of("checkout", ONCE)

    def _implementing(self, of: Purpose) -> None:
        """Occurrence = contract * 32 + task, or number of the change of needs since the day of becoming a candidate."""
        self.task_work: Draw = of("task_work", 2)
        self.task_quality: Draw = of("task_quality", 2)
        self.abandon: Draw = of("abandon", 2)
        self.cancel: Draw = of("cancel", ONCE)
        self.missed: Draw = of("missed", 2)
        # changing needs: occurrence = number of the change since the day of becoming a candidate
        self.need: Draw = of("need", 3)

    def _helping(self, streams: Streams) -> None:
        """Occurrence = ticket candidate number, or attempt * TICKETS + candidate number."""
        of = streams.purpose
        self.ticket_gap: Draw = of("ticket_gap", TICKET)
        self.ticket: Draw = of("ticket", TICKET)
        self.ticket_kind: Draw = of("ticket_kind", TICKET)
        # one row of four for each contact: work, quality, solves, reopen (they are needed together)
        self.contact: Run = streams.runs("contact", 2)
        # one row of eight for each problem, one of two for each fix unasked: 2 * candidate number + telemetry
        self.silence: Run = streams.runs("silence", 3)
        self.silent_fix: Run = streams.runs("silent_fix", 1)
        # how a ticket is conducted, by candidate number; the way in a customer prefers
        self.conduct: Draw = of("conduct", TICKET)
        self.channel: Draw = of("channel", ONCE)
        # one row of four for each search for an article, by ticket candidate: looks, helps, answers
        self.search: Run = streams.runs("search", 2)

    def _incidents(self, streams: Streams) -> None:
        """Occurrence = number of the possible incident, or TOUCHES * kind of touch + its own occurrence."""
        of = streams.purpose
        self.incident_gap: Draw = of("incident_gap", 4)
        self.incident: Draw = of("incident", 4)
        self.incident_hit: Draw = of("incident_hit", 4)
        self.incident_calm: Draw = of("incident_calm", 4)
        # one row of four for each touch: TOUCHES * kind of touch + its own occurrence
        self.reaction: Run = streams.runs("reaction", 2)

    def _waves(self, streams: Streams) -> None:
        """Occurrence = wave."""
        of = streams.purpose
        self.lot: Draw = of("lot", WAVES)
        self.success_work: Draw = of("success_work", WAVES)
        self.success_quality: Draw = of("success_quality", WAVES)
        self.upgrade_work: Draw = of("upgrade_work", WAVES)
        self.engagement: Draw = of("engagement", WAVES)
        self.voice: Draw = of("voice", WAVES)
        self.hearsay: Run = streams.runs("hearsay", 1)
        self.symmetric_experience: Draw = of("symmetric_experience", WAVES)
        self.symmetric_outcome: Draw = of("symmetric_outcome", WAVES)
        self.taste_experience: Draw = of("taste_experience", ONCE)
        self.taste_outcome: Draw = of("taste_outcome", ONCE)

    def _terms(self, of: Purpose) -> None:
        """Occurrence = contract * TERMS_PER_CONTRACT + term."""
        self.champion: Draw = of("champion", TERMS)
        self.involuntary: Draw = of("involuntary", TERMS)
        self.renew: Draw = of("renew", TERMS)
        self.seats: Draw = of("seats", TERMS)
        self.upgrade: Draw = of("upgrade", TERMS)
        self.stated: Draw = of("stated", 3)
        self.win_back: Draw = of("win_back", ONCE)
        self.farewell: Draw = of("farewell", ONCE)
        self.meter: Draw = of("meter", TERMS)
        self.extreme_style: Draw = of("extreme_style", ONCE)
        self.dispute: Draw = of("dispute", TERMS)
        self.tariff_lot: Draw = of("tariff_lot", ONCE)

    def _shared(self, of: Purpose) -> None:
        """Nobody's own draws (occurrence = year), and turns of a transformation (occurrence = decision point)."""
        self.season: Draw = of("season", ONCE)
        # transformation: occurrence = decision point
        self.turn: Draw = of("turn", WAVES)

    def _people(self, of: Purpose) -> None:
        """Feelings and gestures; occurrence = term, wave, contract or kind of premium."""
        self.gap: Draw = of("purchase_gap", TERMS)
        self.never_again: Draw = of("never_again", ONCE)
        self.premium: Draw = of("premium", 1)
        self.surprise: Draw = of("surprise", WAVES)
        self.story: Draw = of("story", WAVES)
        self.praise: Draw = of("praise", WAVES)

    def _survey_moments(self, streams: Streams) -> None:
        """Occurrence of the moment + MOMENTS * instrument or channel."""
        of = streams.purpose
        depth = {"wave": WAVES, "contact_end": TICKET, "at_resolution": TICKET}
        self.answer_noise = {t: of(f"answer_noise_{t}", depth.get(t, ONCE)) for t in TRIGGERS}
        self.response = {t: of(f"response_{t}", depth.get(t, ONCE)) for t in TRIGGERS}
        self.invite = {t: of(f"invite_{t}", depth.get(t, ONCE)) for t in TRIGGERS}
        self.audit = {t: of(f"audit_{t}", depth.get(t, ONCE)) for t in TRIGGERS}
