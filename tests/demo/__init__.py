"""The demo community: its figures, filling it again, and who may sign in."""
