"""Walks and stories of partner units: the board, delivering with photos, the unit's page, what is to be put right."""
