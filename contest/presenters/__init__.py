"""Pure view models: what a screen shows, worked out before a template sees it. No ORM, no clock, never a key."""
