"""Pages of live boards and live events."""
