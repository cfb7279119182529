"""Seals and witnesses: trees, notes, proofs, and what is kept when they contradict each other."""
