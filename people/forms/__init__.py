"""Forms: translate in."""
