"""Rules of the world: pure functions of numbers, `math` only; the caller draws."""
