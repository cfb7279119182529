"""What the ledger holds about one person, to take away (PIPL §45): collected, made readable, and checkable without us.

Other people appear in it by number only. Used by the API, the pages and the command line alike.
"""
