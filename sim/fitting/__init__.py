"""Laws fitted to a user's own file: text -> table -> customers or curve -> shifted beta-geometric.

Stands before `build` in the one-way flow (a market may name a retention curve) and imports nothing
of the simulation, the metrics or the experiments.
"""
