"""The faces: HTTP, pages, command line, imports. Imports ledger and projections; decides nothing."""
