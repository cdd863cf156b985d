"""The NPS trap: the smallest change of assumptions after which a score orders two policies against the value."""
