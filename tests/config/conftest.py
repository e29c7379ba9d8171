"""A loader that sees only what a test puts into its own folder and mapping."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from config import places
from config.settings import Settings, SettingsError, load_settings

# The telling part of each token and proxy in these tests.
SECRETS = ("AAE-secret", "hunter2")

Load = Callable[..., Settings]


@pytest.fixture(autouse=True)
def _no_secrets_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(places, "DEFAULT_SECRETS_DIR", tmp_path / "run" / "secrets")


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Writes the files given, then loads: `load(toml="...", env={...}, secrets={...})`."""

    def load(
        toml: str | bytes | None = None,
        *,
        env: Mapping[str, str] | None = None,
        dotenv: str | bytes | None = None,
        secrets: Mapping[str, str | bytes] | None = None,
        config: Path | None = None,
        **overrides: Any,
    ) -> Settings:
        _write(tmp_path / "archive-bot.toml", toml)
        _write(tmp_path / ".env", dotenv)
        for name, content in (secrets or {}).items():
            _write(tmp_path / "run" / "secrets" / name, content)
        return load_settings(config, environ=env or {}, cwd=tmp_path, **overrides)

    return load


@pytest.fixture
def complaint(load: Load, tmp_path: Path) -> Callable[..., str]:
    """The text of the error that loading raises, with this test's folder written as TMP."""

    def complaint(*args: Any, **kwargs: Any) -> str:
        with pytest.raises(SettingsError) as raised:
            load(*args, **kwargs)
        assert_nothing_leaks(raised.value)
        return str(raised.value).replace(str(tmp_path), "TMP")

    return complaint


def assert_nothing_leaks(error: BaseException) -> None:
    """No error of this package may hold a secret, nor lead to another exception that could."""
    assert error.__cause__ is None
    assert error.__context__ is None
    told = " ".join([str(error), repr(error), *map(repr, error.args), repr(vars(error))])
    assert not [secret for secret in SECRETS if secret in told]


def _write(file: Path, content: str | bytes | None) -> None:
    if content is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
