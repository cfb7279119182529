"""By what people sign in: one-time codes, printed cards, passwords with a second factor, one-time links.

Knows the store, and nothing of pages. No secret is stored: digests, argon2 hashes, and texts under the vault's veil.
"""
