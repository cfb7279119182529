"""Stories about the pages of money."""
