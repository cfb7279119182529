"""The reading half of `nuanlin import`: from a community's own XLSX or CSV file to typed rows and reasoned refusals.

Knows nothing of the journal; of the ledger it may touch the error tree alone. Another room turns rows into commands.
"""
