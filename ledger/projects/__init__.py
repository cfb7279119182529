"""Projects with plan, budget and quota, their measures, sessions and appraisal.

May touch `ledger.base`, units, clock and errors; asks other areas only through their states.
"""
