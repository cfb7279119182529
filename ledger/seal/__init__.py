"""Seals: a Merkle tree over the journal's exact bytes, signed checkpoints of it, and receipts for single records.

May touch `ledger.journal`, clock and errors; knows no facts and decodes none: what is sealed are bytes.
"""
