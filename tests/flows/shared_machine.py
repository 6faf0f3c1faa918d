"""One machine of a shared run over simulated uploads: `python -m tests.flows.shared_machine ID RUN`."""

import os
import sys
import time

from pipeline import window
from pipeline.logs import set_up_logging
from pipeline.settings import Settings
from pipeline.windows.register import open_register
from pipeline.windows.shared import SharedRun, end_shared_run, perform_chunk
from tests.flows import generated_jobs

if __name__ == "__main__":
    set_up_logging("json")
    job = os.environ.get("GENERATED_JOB", "read_slowly")
    setattr(window, "read_one", getattr(generated_jobs, job))  # noqa: B010 - not exported
    run = SharedRun(sys.argv[1], int(sys.argv[2]))
    settings = Settings()
    with open_register(settings) as register:
        while register.runs.unfinished(run.run_id):
            if perform_chunk(run) is None:
                time.sleep(0.2)
        end_shared_run(register, run, settings)
