"""The continuous integration runs what the README tells people to run."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHELLS = ("", "sh", "bash", "console")


def test_ci_ends_with_the_second_command_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", readme, re.M | re.S)
    shell = "".join(text for language, text in blocks if language in SHELLS)
    commands = [line for line in shell.splitlines() if line.strip()]
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.splitlines()[-1] == commands[1]
