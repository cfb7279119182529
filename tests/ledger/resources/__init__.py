"""Stories of resources and deals."""
