"""Funds: promises, receipts, restricted balances, three pairs of eyes."""
