"""What was compiled is forgotten when any source of the kernel changes."""

from __future__ import annotations

import ast
from pathlib import Path

from pledgebook.forecasting.flows import jit
from pledgebook.forecasting.flows.kernel import play

FLOWS = Path(jit.__file__).parent


def imported(path: Path) -> set[str]:
    """The modules beside it that a module imports when it is loaded."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "pledgebook.forecasting.flows":
                found |= {alias.name for alias in node.names}
            elif node.module.startswith("pledgebook.forecasting.flows."):
                found.add(node.module.rpartition(".")[2])
    return found


def test_all_that_the_kernel_is_made_of_is_hashed() -> None:
    reached, ahead = set(), {"kernel"}
    while ahead:
        name = ahead.pop()
        reached.add(name)
        ahead |= imported(FLOWS / f"{name}.py") - reached
    compiled = {
        path.stem for path in FLOWS.glob("*.py") if "flows.jit import" in path.read_text("utf-8")
    }
    assert reached <= compiled | jit.CONSTANTS
    assert compiled <= reached


def test_the_hash_is_in_the_name_that_it_is_kept_under() -> None:
    name = play.__qualname__
    assert name.startswith("play-")
    assert len(name) == len("play-") + 10
