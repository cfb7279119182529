"""Fraud and its consequences: voiding, suspension, blacklist, appeal.

May touch `ledger.base`, units, clock and errors; asks other areas only through their states.
"""
