"""The JSON API: one file per area of reads, one table of all writes. Calls the application and the queries of
projections; decides nothing itself."""
