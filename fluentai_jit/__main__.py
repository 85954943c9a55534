"""The command `fluentai-jit`, and `python -m fluentai_jit`."""

import sys

from fluentai_jit import __version__


def main() -> int:
    """Run the command line on `sys.argv`, and give the exit status."""
    # Answered before the command line and all that it needs is imported.
    if sys.argv[1:] == ["--version"]:
        print(f"fluentai-jit {__version__}")
        return 0
    from fluentai_jit.cli import main as command_line

    return command_line()


if __name__ == "__main__":
    sys.exit(main())
