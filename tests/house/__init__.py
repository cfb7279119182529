"""Tests of the house itself (rooms, style, locks, wheel, words), and the means the other tests share."""
