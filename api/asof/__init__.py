"""The past as callers may see it: who may open which figure and event, and what figures are called.

Shared by routes, pages and command line; imports projections and ledger, decides nothing about the ledger.
"""
