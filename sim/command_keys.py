"""Top-level keys that belong to the command and change no number of a replication, by what they are for."""

from __future__ import annotations

SCENARIOS = ("arms", "contexts", "design", "points_at_most", "small_share", "iso_result")
"""Which scenarios there are, and how many."""
OF_A_JOB = ("arm", "context", "only_fill")
"""Set by the program for each scenario."""
JUDGING = ("baseline", "decision_metric", "primary_metrics", "worthwhile_difference", "claims", "statement")
STOPPING = ("until", "half_width", "replications_at_least")
PLACES = ("output", "store")
KEEPING = (*PLACES, "store_gigabytes", "on_failure", "allow_code")
SPREADING = ("n_jobs", "block")
WORDS = ("title", "currency")

WITHOUT_EFFECT = frozenset((*SCENARIOS, *OF_A_JOB, *JUDGING, *STOPPING, *KEEPING, *SPREADING, *WORDS))
"""All of them; a key that is not listed here counts."""
