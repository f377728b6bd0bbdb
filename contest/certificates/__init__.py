"""Certificates as documents: facts in, PDF out. No ORM, no network; equal facts give equal bytes."""
