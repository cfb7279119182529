"""The tree of places (street, community, grid, courtyard, building) and the points at which requests come in.

May touch `ledger.base`, units, clock and errors; asks other areas only through their states.
"""
