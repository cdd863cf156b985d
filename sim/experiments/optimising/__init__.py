"""The best allocation of each policy, so that nobody is compared as a straw man."""
