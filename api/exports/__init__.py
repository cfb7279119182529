"""The ledger in the formats of others, for auditors and their programs. Reads the journal; writes nothing of ours."""
