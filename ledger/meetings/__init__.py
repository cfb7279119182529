"""Meetings, votes of households, gatherings where opinions are collected.

May touch `ledger.base`, units, clock and errors; asks other areas only through their states.
"""
