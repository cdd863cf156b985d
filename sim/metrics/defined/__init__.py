"""The same metric under several published definitions, one file per metric; see sim.metrics.definitions."""
