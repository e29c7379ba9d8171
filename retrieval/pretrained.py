"""What any pretrained model needs before it is opened: torch made ready, and where it lies."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where a model lies: a folder's path, or an id of the hub, which may be downloaded."""

    name: str
    is_local: bool


def place_of(model: str) -> Place:
    """The place that a setting means; raises FileNotFoundError for a path to no folder."""
    path = Path(model).expanduser()
    is_local = path.is_dir() or model.startswith((".", "/", "~"))
    if is_local and not path.is_dir():
        raise FileNotFoundError("there is no such folder")
    return Place(str(path) if is_local else model, is_local)


def prepare_torch(threads: int | None) -> None:
    """Import torch, which takes seconds; `threads` holds for all models of the process."""
    # OpenMP reads this when it is loaded. Its threads otherwise spin while they wait for each
    # other, which on a busy machine takes the very core that the other one needs: with two
    # processes on two cores, 20 questions took 16 s so and 0.5 s when threads sleep.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import torch
    from transformers.utils.logging import disable_progress_bar

    # It would draw a bar of its own in the middle of ours.
    disable_progress_bar()  # type: ignore[no-untyped-call]  # theirs
    if threads is not None:
        torch.set_num_threads(threads)
