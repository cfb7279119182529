"""Samples and hints in words: for the terminal, as JSON and as pages to print.

May touch the ledger, the vault and the locale; decides nothing. Names of people appear masked, and only where asked for.
"""
