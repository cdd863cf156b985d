"""Context of a comparison: what a firm can look up (market) and what nobody can observe (world)."""
