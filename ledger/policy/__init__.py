"""Rules as dated facts: caps, deadlines, limits, thresholds.

May touch `ledger.base`, units, clock and errors; asks other areas only through their states.
"""
