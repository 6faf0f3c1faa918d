"""The parts of a run over a window: its jobs, what it reads, what it reports, what it says."""
