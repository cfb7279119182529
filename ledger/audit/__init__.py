"""The journal judged by itself: the rules replayed, samples drawn, hints collected.

Reads facts and never a projection. What it finds names positions.
"""
