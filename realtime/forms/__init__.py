"""Forms of the live events console."""
