"""The ledger in the formats of others: what their programs make of it."""
