"""Measurements: each prints both sides of a ratio from one run, with machine, versions and medians (docs/benchmarks.md)."""
