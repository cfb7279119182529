"""Kept and broken promises of persons and units, decaying and contestable.

May touch `ledger.base`, units, clock and errors; asks other areas only through their states.
"""
