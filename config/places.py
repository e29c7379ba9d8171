"""Which TOML file and which secrets folder hold settings.

what was named, or else the usual place if there is one -> path

Read from the environment and `.env`, since the other places are what is looked for.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from config.errors import SettingsError
from config.fields import PREFIX
from config.origins import Origin

# The two names that are ours without being settings.
CONFIG = f"{PREFIX}CONFIG"
SECRETS_DIR = f"{PREFIX}SECRETS_DIR"

DEFAULT_CONFIG = "archive-bot.toml"
DEFAULT_SECRETS_DIR = Path("/run/secrets")


def secrets_folder(named_in: Sequence[Origin], cwd: Path) -> Path | None:
    """Raises SettingsError if a folder was named that is none."""
    for origin in named_in:
        if named := origin.names.get(SECRETS_DIR):
            folder = _beside(cwd, named)
            if not folder.is_dir():
                raise SettingsError(
                    f"{origin.name((SECRETS_DIR,))} names {named}, but it is no folder."
                )
            return folder
    # The usual one may belong to others on this machine; it must be readable only when named.
    readable = os.access(DEFAULT_SECRETS_DIR, os.R_OK | os.X_OK)
    return DEFAULT_SECRETS_DIR if readable and DEFAULT_SECRETS_DIR.is_dir() else None


def config_file(
    config: Path | None, named_in: Sequence[Origin], cwd: Path
) -> tuple[Path, str] | None:
    """The file, and what to call it in a sentence.

    Links are not followed: relative paths start at the folder a person sees, not at the hidden
    one to which Kubernetes links a mounted file. Raises SettingsError if a file was named that
    is none.
    """
    named = [("--config", str(config))] if config else []
    named += [
        (origin.name((CONFIG,)), origin.names[CONFIG])
        for origin in named_in
        if CONFIG in origin.names
    ]
    if named:
        by, name = named[0]
        if not (file := _beside(cwd, name)).is_file():
            raise SettingsError(f"{by} names {name}, but there is no such file.")
        return file, name
    usual = cwd / DEFAULT_CONFIG
    if usual.is_dir():  # as Docker makes it of a file that is to be mounted and is not there
        raise SettingsError(f"{DEFAULT_CONFIG} is a folder, but must be a file.")
    return (usual, DEFAULT_CONFIG) if usual.is_file() else None


def _beside(cwd: Path, named: str) -> Path:
    try:
        return cwd / Path(named).expanduser()
    except RuntimeError:  # `~somebody`, who has no home here
        return cwd / named
