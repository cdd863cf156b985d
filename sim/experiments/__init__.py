"""Studies: arms and contexts, jobs, replication, comparison, and what a command leaves on disk."""
