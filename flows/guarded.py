"""Runs a module that ends with its parent: `python -m flows.guarded PARENT_PID MODULE ARGUMENT…`."""

import os
import runpy
import sys
import threading
import time


def watch_parent(parent: int) -> None:
    """Ends this process, at once, when its parent is no longer `parent`. For a thread."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(3)


def guarded_command(module: str, *arguments: str) -> list[str]:
    """The command that runs `module` as a child which does not outlive this process."""
    return [sys.executable, "-m", "flows.guarded", str(os.getpid()), module, *arguments]


if __name__ == "__main__":
    threading.Thread(target=watch_parent, args=(int(sys.argv[1]),), daemon=True).start()
    module = sys.argv[2]
    sys.argv = sys.argv[2:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
