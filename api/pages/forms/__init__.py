"""One engine for every form that gives a command: small steps, a look at the answers, one sending, a confirmation.

A face declares `Form`s; this room shows, reads and sends them. It decides nothing: commands do.
"""
