"""Pilots with checklist and end date, and approval that passes several levels in order.

May touch `ledger.base`, units, clock and errors; asks other areas only through their states.
"""
