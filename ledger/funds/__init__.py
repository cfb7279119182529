"""Special funds: pledges, receipts, restricted balances, grants with three pairs of eyes.

May touch `ledger.base`, units, clock and errors; asks other areas only through their states.
"""
