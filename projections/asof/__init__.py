"""The past: what any figure was as of a position, what moved between two, and which positions a figure is made of.

Reads the append-only rows (postings, score entries) up to a position, or replays a thing's own events with the very
handlers of the books; there is no second set of rules. Imports `ledger` and the rest of `projections`; writes nothing.
"""
