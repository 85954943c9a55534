"""The code store on the command line: what it holds, and its upkeep."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from ..errors import FluentError
from .options import config_options, load
from .streams import say_warning, tell

if TYPE_CHECKING:
    from ..native.store import Store


@click.group("cache", invoke_without_command=True)
@config_options
@click.pass_context
def cache_command(
    context: click.Context, config_path: str | None, settings: tuple[str, ...]
) -> None:
    """Show the store of compiled code, or look after it."""
    context.obj = _open(config_path, settings)
    if context.invoked_subcommand is None:
        _show(context.obj)


def _open(config_path: str | None, settings: tuple[str, ...]) -> Store:
    # Not the store that programs get: they do without one that is refused.
    from ..engine.setup import NO_FOLDER, store_folder
    from ..native.store import Store

    config = load(config_path, settings)
    if not config["store.enabled"]:
        raise FluentError(
            "StoreError", "store.enabled is false: there is no code store"
        )
    folder = store_folder(config)
    if folder is None:
        raise FluentError("StoreError", NO_FOLDER)
    store = Store(folder, config["store.max_size_mb"] << 20, say_warning)
    if store.refusal is not None:
        raise FluentError("StoreError", store.refusal)
    return store


def _show(store: Store) -> None:
    entries = store.entries()
    size = sum(size for _key, size, _sound in entries)
    tell(f"{store.folder}\n{len(entries)} entries, {size / 1024:.1f} kB of code\n")


@cache_command.command("clear")
@click.pass_obj
def clear_command(store: Store) -> None:
    """Remove everything that is stored."""
    try:
        tell(f"removed {store.clear()} entries\n")
    except OSError as error:
        message = f"the code store {store.folder} cannot be emptied: {error}"
        raise FluentError("StoreError", message) from None


@cache_command.command("verify")
@click.pass_obj
def verify_command(store: Store) -> int:
    """Check every entry's digest; status 1 if one, or the store, is damaged."""
    entries = store.entries()
    damaged = [key for key, _size, sound in entries if not sound]
    for key in damaged:
        tell(f"damaged: {key}\n")
    tell(f"{len(entries)} entries, {len(damaged)} damaged\n")
    return 1 if damaged or store.damaged else 0


@cache_command.command("warm")
@click.pass_obj
def warm_command(store: Store) -> None:
    """Compile the interpreter for this machine now."""
    from ..jit.artifacts import Artifacts

    began = time.perf_counter()
    artifacts = Artifacts(store)
    artifacts.kernel()
    if artifacts.stored_kernel() is None:
        message = f"the code store {store.folder} cannot be written"
        raise FluentError("StoreError", message)
    tell(f"the interpreter is compiled ({time.perf_counter() - began:.1f} s)\n")
