"""As of a position: laws over told stories."""
