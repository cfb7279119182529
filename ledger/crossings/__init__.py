"""Hours that leave for another ledger, or come from one: sent and received exactly once.

May touch `ledger.base`, units, clock and errors; asks other areas only through their states.
"""
