"""What can be asked of finished runs: why, what if, and whether the same comes out again."""
