"""The command `fluentai-jit`, and `python -m fluentai_jit`."""

import sys

from fluentai_jit import __version__, interrupts


def main() -> int:
    """Run the command line on `sys.argv`, and give the exit status."""
    if sys.argv[1:] == ["--version"] and _version_told():
        return 0
    try:
        interrupts.take_over()
    except KeyboardInterrupt:
        interrupts.end()
    from fluentai_jit.cli import main as command_line

    try:
        return command_line()
    finally:
        interrupts.ignore()


def _version_told() -> bool:
    """Answer before the command line and all that it needs is imported.

    False where stdout cannot be written, which the command line then says.
    """
    line = f"fluentai-jit {__version__}\n".encode()
    try:
        with open(1, "wb", buffering=0, closefd=False) as stdout:
            return stdout.write(line) == len(line)
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
