"""The picture beside a shared link: facts in, PNG of 1200 × 630 out. No ORM, no network; equal facts, one file."""
