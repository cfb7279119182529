"""What could be given: the resources list, matches with needs, barter.

May touch `ledger.base`, units, clock and errors; asks other areas only through their states.
"""
