"""What live screens say, derived and never stored."""
