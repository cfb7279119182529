"""The measurements measure what they say, at sizes that take seconds."""
