"""The honour wall's face: the hall's screen, what it follows, and the gallery of plaques."""
