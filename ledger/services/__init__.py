"""Services that say what they cost, kin, need groups, opening grants, redemption.

May touch `ledger.base`, units, clock and errors; asks other areas only through their states.
"""
