"""Finished replications, kept by what they were made from, so that nothing is ever simulated twice."""
