"""The reading half of `nuanlin import`: sheets as communities keep them, good and bad."""
