"""The JSON API, as its callers see it."""
