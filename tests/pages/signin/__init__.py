"""The pages of signing in: over HTTP, and by hand in Chromium."""
