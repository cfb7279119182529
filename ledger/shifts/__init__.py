"""Shifts that recur, sign-up, check-in and check-out, paper lists, group hours.

May touch `ledger.base`, units, clock and errors; asks other areas only through their states.
"""
