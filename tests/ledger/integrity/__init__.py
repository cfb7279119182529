"""Stories of kept and broken promises."""
