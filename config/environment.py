"""Settings from names: the environment, `.env`, and the files of a secrets folder.

names -> those with our prefix -> unknown ones set apart -> pydantic-settings -> Origin

pydantic-settings accepts unknown names in the environment silently, so they are checked here.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    NestedSecretsSettingsSource,
    SecretsSettingsSource,
)

from config.errors import SettingsError
from config.fields import DELIMITER, PREFIX, dotted, environment_name, nearest, paths
from config.origins import Origin, anchored
from config.places import CONFIG, SECRETS_DIR

# Kubernetes puts the addresses of a namespace's services into the environment of every pod; for
# one named `archive-bot` they begin with our prefix.
# https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
_SERVICE_NAME = re.compile(r"_SERVICE_(HOST|PORT)(_|$)|_PORT_\d+_(TCP|UDP|SCTP)(_|$)")
_SERVICE_ADDRESS = re.compile(r"(tcp|udp|sctp)://")


def from_environment(model: type[BaseSettings], environ: Mapping[str, str], cwd: Path) -> Origin:
    source = _Environment(model)
    source.env_vars = {k.lower(): v for k, v in environ.items() if not _is_service_link(k, v)}
    return _origin(source, cwd, "", beside=(CONFIG, SECRETS_DIR))


def from_dotenv(model: type[BaseSettings], cwd: Path) -> Origin:
    """Reads `.env` in the current folder; names without our prefix are someone else's.

    Raises SettingsError if the file cannot be read.
    """
    try:
        source = _DotEnv(model, env_file=cwd / ".env", dotenv_filtering="only_existing")
    except UnicodeDecodeError:
        problem = "is not UTF-8 text"
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
    else:
        return _origin(source, cwd, ".env", beside=(CONFIG, SECRETS_DIR))
    # Outside of the handlers: those exceptions hold what was read, and would be chained.
    raise SettingsError(f".env {problem}.")


def from_secrets(model: type[BaseSettings], folder: Path, cwd: Path) -> Origin:
    """Raises SettingsError if the folder, or a file in it that bears our prefix, is unreadable."""
    try:
        source = _SecretFiles(SecretsSettingsSource(model), secrets_dir=folder)
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
    else:
        return _origin(source, cwd, str(folder))
    raise SettingsError(f"{folder} {problem}.")


class _Json:
    """A section or the sources may be given as JSON in one variable.

    What is no JSON is passed on as text, for the model to refuse like any other wrong value;
    pydantic-settings would raise an error that carries the text, a token maybe.
    """

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        try:
            return super().decode_complex_value(field_name, field, value)  # type: ignore[misc]
        except ValueError:
            return value


class _Environment(_Json, EnvSettingsSource):
    pass


class _DotEnv(_Json, DotEnvSettingsSource):
    pass


class _SecretFiles(_Json, NestedSecretsSettingsSource):
    """Opens only the files that bear our prefix: the folder may hold others' secrets too,
    which may be large, no text, or not ours to read."""

    def validate_secrets_path(self, path: Path) -> None:
        """Nothing to check: it would add up the sizes of files that are not ours."""

    @classmethod
    def load_secrets(cls, path: Path) -> dict[str, str]:
        files = sorted(file for file in path.iterdir() if file.name.upper().startswith(PREFIX))
        return {file.name: _text(file).strip() for file in files}


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        problem = "is not UTF-8 text"
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
    raise SettingsError(f"{file.name} in {file.parent} {problem}.")


def _is_service_link(name: str, value: str) -> bool:
    link = name.endswith("_PORT") and _SERVICE_ADDRESS.match(value)
    return bool(link or _SERVICE_NAME.search(name))


def _origin(
    source: EnvSettingsSource, cwd: Path, place: str, beside: tuple[str, ...] = ()
) -> Origin:
    """Empty values count as not given, as compose files write `${NAME:-}` for what is unset.

    `beside` are names that are known here without being settings.
    """
    model = source.settings_cls
    known = {environment_name(path): dotted(path) for path in paths(model)}
    known |= {name: name.removeprefix(PREFIX).lower() for name in beside}
    ours = {k.upper(): v for k, v in source.env_vars.items() if k.upper().startswith(PREFIX)}
    names = {name: value for name, value in ours.items() if name in known and value}
    source.env_vars = {name.lower(): value for name, value in names.items()}
    unknown = (_unknown(name, place, known) for name in sorted(ours.keys() - known.keys()))
    return Origin(anchored(source(), model, cwd), place, names, tuple(unknown))


def _unknown(name: str, place: str, known: Mapping[str, str]) -> str:
    given = name.removeprefix(PREFIX).lower().replace(DELIMITER, ".")
    meant = nearest(given, known.values())
    hint = next((f"; did you mean {n}?" for n, path in known.items() if path == meant), ".")
    where = f" in {place}" if place else ""
    return f"{dotted([name])}{where} is not a setting{hint}"
