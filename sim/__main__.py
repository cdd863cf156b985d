"""`python -m sim` and the console script `outcomelab`."""

import sys

from sim.command.main import main

if __name__ == "__main__":
    sys.exit(main())
