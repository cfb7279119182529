"""Members, teams and units; who may act for whom, and in which role.

May touch `ledger.base`, units, clock and errors; asks other areas only through their states.
"""
