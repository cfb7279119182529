"""What a person expects to see right after acting: balances, postings, people, requests, funds, partners.

Written in the append transaction by `Books`; read through `queries` and its neighbours.
"""

from projections.books.books import TABLES, Books

__all__ = ["TABLES", "Books"]
