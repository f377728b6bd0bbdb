"""Files that questions come in and go out with."""
