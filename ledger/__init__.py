"""What happened and what may happen: facts, decisions, accounts, the journal and the vault.

Imports neither projections nor api; knows no HTTP, no page and no table that a person reads.
"""
