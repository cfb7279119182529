"""Papers: what comes out of the press, and what anybody can find out about it."""
