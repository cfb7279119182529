"""The witness as a program: its HTTP server and the visits it pays to ledgers. Touches neither store nor journal; what it
decides and remembers is `ledger.seal.witness`.
"""
