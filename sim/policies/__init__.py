"""Policies: one small strategy per decision point, each handed a view and never the customer."""
