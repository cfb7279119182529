"""Partner units: agreements, contributions, goods, call-outs."""
