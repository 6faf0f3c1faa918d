"""The console: reviewers decide, panel members see. Reads what a run wrote, never an upload."""
