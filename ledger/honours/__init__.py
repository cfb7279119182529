"""Plaques, awarded and renewed after accepted work only, and revoked in public.

May touch `ledger.base`, units, clock and errors; asks other areas only through their states.
"""
