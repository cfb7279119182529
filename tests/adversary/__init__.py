"""Tests by somebody who wants the ledger to fail: crashed commits, stale memory, self-dealing, leaked words."""
