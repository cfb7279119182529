"""The volunteers' pages."""
