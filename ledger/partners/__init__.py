"""Partner units: agreements, contributions, goods, call-outs and drills, pairing, dual report, menu, feedback sheets.

May touch `ledger.base`, units, clock and errors; asks other areas only through their states.
"""
