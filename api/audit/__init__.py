"""What an auditor takes away: the bundle of a ledger, and the program in it that checks it and shares no code with us.

Reads journal, seals and projections; writes nothing but the bundle's file.
"""
