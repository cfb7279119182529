"""The time bank: sessions, verification, corrections, gifts, the pool, reservations, certificates.

May touch `ledger.base`, units, clock and errors; asks other areas only through their states.
"""
