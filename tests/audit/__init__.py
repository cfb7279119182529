"""Bundles for auditors, and the program that checks them."""
