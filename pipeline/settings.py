"""Settings: every one can be given as an environment variable `CHUHE_<NAME>`."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipeline.machine import fitting_workers


class Settings(BaseSettings):
    """What an operator may change. Defaults suit one office machine (2 cores, 4 GB)."""

    model_config = SettingsConfigDict(env_prefix="CHUHE_", frozen=True, extra="forbid")

    database_url: str | None = Field(
        default=None,
        description="SQLAlchemy URL of the store; by default SQLite in the output folder.",
    )
    blobs_url: str = Field(
        default="",
        description="fsspec URL (`s3://bucket/prefix`) of readings and page pictures; by default a folder beside the store.",
    )
    workers: int = Field(
        default_factory=fitting_workers,
        ge=1,
        description="Worker processes that read; each holds one OCR engine with one thread.",
    )
    max_file_bytes: int = Field(
        default=100 * 2**20, gt=0, description="Largest upload that is opened, in bytes."
    )
    max_pages: int = Field(default=60, gt=0, description="Most pages read of one upload.")
    max_pixels: int = Field(
        default=120_000_000, gt=0, description="Most pixels of one page (width × height)."
    )
    pdf_dpi: int = Field(
        default=200, ge=72, le=600, description="Dots per inch at which PDF pages are drawn."
    )
    file_seconds: float = Field(
        default=300.0, gt=0, description="Wall time after which the reading of one file is ended."
    )
    worker_memory_bytes: int = Field(
        default=3 * 2**30, gt=0, description="Address-space growth after which a worker is ended."
    )
    worker_files: int = Field(
        default=200, gt=0, description="Files a worker reads before it is replaced by a fresh one."
    )
    target_error_rate: float = Field(
        default=0.005,
        gt=0,
        lt=1,
        description="Share of the accepted values that may be wrong; thresholds follow from it.",
    )
    accepted_confidence: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="One confidence from which every value is accepted, in place of the thresholds.",
    )
    picture_side: int = Field(
        default=1600,
        ge=400,
        description="Longest side of the page pictures kept for reports, in pixels.",
    )
    chunk_dossiers: int = Field(default=25, gt=0, description="Dossiers in one Prefect task.")
    server_after_seconds: float = Field(
        default=60.0,
        ge=0,
        description="How long a run goes on before it starts an embedded Prefect server.",
    )
    server_start_seconds: int = Field(
        default=180, gt=0, description="How long the embedded Prefect server may take to start."
    )
    prefect_grace_seconds: float = Field(
        default=30.0, ge=0, description="How long Prefect may take to note the end of a run."
    )
    home: Path = Field(
        default_factory=lambda: Path.home() / "chuhe",
        description="Folder of the registered windows: their store, and their reports by default.",
    )
    shared_chunk_dossiers: int = Field(
        default=100, gt=0, description="Dossiers that one machine takes at a time of a shared run."
    )
    lease_seconds: float = Field(
        default=60.0,
        gt=0,
        description="After so long without a word from a machine, another takes over its dossiers.",
    )
    log_format: Literal["text", "json"] = Field(
        default="text",
        description="How log lines are written: for people, or one JSON object each.",
    )
    notify: str = Field(
        default="",
        description="Apprise URLs, separated by spaces, that are told when a window's run ends or fails.",
    )
    file_cpu_seconds: int = Field(
        default=240,
        gt=0,
        description="Processor time after which the reading of one file is ended.",
    )
    work_pool: str = Field(default="chuhe", description="Prefect work pool of `chuhe worker`.")
    task_runner: Literal["local", "dask", "ray"] = Field(
        default="local", description="Where the chunks of a deployed run are done."
    )
    cluster_address: str = Field(
        default="", description="Address of the Dask or Ray cluster; empty starts one for the run."
    )
