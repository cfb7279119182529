"""What people read: books (written with the facts) and boards (that follow in batches), both rebuilt from the journal.

Imports `ledger` only. Nothing here decides anything: decisions read the journal.
"""
