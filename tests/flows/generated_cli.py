"""The command line over simulated uploads: `python -m tests.flows.generated_cli run …`."""

import os

from pipeline import window
from pipeline.cli import main
from tests.flows import generated_jobs

if __name__ == "__main__":
    job = os.environ.get("GENERATED_JOB", "read_generated")
    setattr(window, "read_one", getattr(generated_jobs, job))  # noqa: B010 - not exported
    main()
