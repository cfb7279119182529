"""Micro-wishes, orders, needs and listings: one lifecycle, claims as leases.

May touch `ledger.base`, units, clock and errors; asks other areas only through their states.
"""
