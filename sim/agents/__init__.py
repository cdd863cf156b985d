"""Customers and the organisation that serves them, as SimPy processes."""
