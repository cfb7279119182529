"""Partner units: agreements, contributions, goods offered and matched, call-outs.

May touch `ledger.base`, units, clock and errors; asks other areas only through their states.
"""
