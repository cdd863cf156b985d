"""The simulator's own parts against closed forms, with parameters of the user's choice."""
