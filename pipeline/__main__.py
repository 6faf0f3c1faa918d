"""`python -m pipeline` is `chuhe`."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
