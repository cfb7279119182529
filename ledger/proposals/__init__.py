"""Calls for proposals, scoring by named judges, grants paid by milestone.

May touch `ledger.base`, units, clock and errors; asks other areas only through their states.
"""
