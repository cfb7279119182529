"""The store: recorder, committer, codec, followers. Knows bytes, tags and positions; nothing of hours or money."""
