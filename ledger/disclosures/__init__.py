"""Disclosure of funds, and its published corrections.

May touch `ledger.base`, units, clock and errors; asks other areas only through their states.
"""
