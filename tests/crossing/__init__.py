"""The courier between two ledgers: in one database, in two, over HTTP, and killed at any moment."""
