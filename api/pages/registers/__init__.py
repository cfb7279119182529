"""The registers for people: every cell in words, other records by their titles, one's own records without any filter.

Beside them what is read off several registers: a party's integrity record, and what is due when.
"""
