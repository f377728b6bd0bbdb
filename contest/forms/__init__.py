"""Forms of the organizer's console: translate what people fill in into what the domain takes."""
