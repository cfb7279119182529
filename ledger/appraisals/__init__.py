"""Scored appraisals by named panels, and rectification with a deadline.

May touch `ledger.base`, units, clock and errors; asks other areas only through their states.
"""
