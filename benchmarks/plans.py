"""Measure planning on the fixed instances: time to a proven gap, size, memory, peers, proofs.

    make setup; .venv-benchmark/bin/python benchmarks/plans.py
        [--parts build standard wide cases tight sweep small peers] [--seeds 1 2 3 4 5 6 7 8 9 10]
        [--threads 2] [--peer-seconds 100] [--quick] [--json FILE]

Every task runs in a process of its own, one at a time; memory is the largest resident set that the
system saw. Every plan of the fixed instances is passed by their own checker, every plan by the
product's, and every bound is proved anew from its certificate (`certificate.verify`). "whole" is
`solve`, all that a user waits for: build, search, the continuous columns solved to the end, read
out, check; "search" is the decomposition alone, once more, which hands over the certificate. The
exit status is 1 where a plan does not pass, a proof fails, or small instances' optima differ.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TypedDict

import numpy as np
from plan_cases import wide_instance, with_cases
from plan_instances import find_instances, problem_from_benchmark, to_benchmark_plan

HERE = Path(__file__).resolve().parent
PARTS = ("build", "standard", "wide", "cases", "tight", "sweep", "small", "peers")
STANDARD = (40, 60, 36, 80)
WIDE = (20, 200, 60, 100)
SWEEP = (
    (10, 15, 24, 20),
    (20, 30, 36, 40),
    (40, 120, 36, 160),
    (40, 240, 36, 320),
    (80, 120, 60, 160),
)
SMALL = (4, 3, 12, 4)
PEERS = ("arrays", "linopy", "pyomo", "pulp")


class Task(TypedDict, total=False):
    """What one process is to measure."""

    sizes: tuple[int, int, int, int]
    seed: int
    gap: float
    cases: int
    wide: bool
    threads: int
    seconds: float
    only_build: bool
    by_product: bool
    money: float
    nodes: int


def measure(task: Task) -> dict[str, float]:
    """Build, plan, read out, check and prove one instance, and return what each took."""
    made = find_instances()
    if made is None:
        sys.exit("the planning benchmark is not there")
    if task.get("wide"):
        instance = wide_instance(made, task["seed"], *task["sizes"])
    else:
        instance = made.make(task["seed"], *task["sizes"])
    instance = {**instance, "budget": instance["budget"] * task.get("money", 1.0)}
    problem = problem_from_benchmark(instance)
    if task.get("cases"):
        problem = with_cases(problem, task["cases"], task["seed"])
    from pledgebook.planning.formulating.formulate import formulate

    began = time.perf_counter()
    program = formulate(problem)
    found: dict[str, float] = {"build": time.perf_counter() - began}
    found |= {"columns": program.cost.size, "rows": len(program.row_lower)}
    found |= {"entries": program.matrix.nnz, "whole": int(program.integer.sum())}
    if task.get("only_build"):
        return found

    from pledgebook.planning.checking.check import check
    from pledgebook.planning.decomposing.certificate import verify
    from pledgebook.planning.decomposing.decompose import decompose
    from pledgebook.planning.plan import Plan, Status
    from pledgebook.planning.solving.reading_out import read_choices, read_outcomes
    from pledgebook.planning.solving.solve import solve

    if task.get("by_product"):
        began, spent = time.perf_counter(), time.process_time()
        whole = solve(problem, gap=task["gap"], time_limit=task["seconds"], threads=task["threads"])
        found |= {
            "product": time.perf_counter() - began,
            "product cpu": time.process_time() - spent,
        }
        found |= {"product cost": whole.cost, "product bound": whole.bound}
        if not task.get("cases"):
            found["passed whole"] = made.cost(instance, to_benchmark_plan(whole, problem, instance))

    began, spent = time.perf_counter(), time.process_time()
    answer = decompose(
        problem,
        program,
        gap=task["gap"],
        time_limit=task["seconds"],
        threads=task["threads"],
    )
    found |= {"seconds": time.perf_counter() - began, "cpu": time.process_time() - spent}
    if answer.values is None or answer.certificate is None:
        return found
    found |= {"cost": answer.cost, "bound": answer.bound, "rounds": answer.rounds}
    choices = read_choices(problem, program, answer.values)
    outcomes = read_outcomes(problem, program, answer.values)
    parts = check(problem, choices, outcomes)
    found["checked"] = sum(parts.values())
    if not task.get("cases"):
        status, cost = Status.GAP, found["checked"]
        plan = Plan(status, choices, outcomes, cost, answer.bound, parts, found["seconds"], "")
        found["passed"] = made.cost(instance, to_benchmark_plan(plan, problem, instance))
    began = time.perf_counter()
    proof = verify(program, answer.certificate, nodes=task.get("nodes", 500))
    found |= {"proved": float(proof.bound), "proving": time.perf_counter() - began}
    found |= {"nodes": proof.nodes, "reached": proof.reached, "parts": proof.parts}
    return found


def run(command: list[str]) -> dict[str, float]:
    """Run a process that ends with a line of JSON; add its peak resident set in MB."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, cwd=HERE)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        lines = out.read().decode().splitlines()
    if process.returncode:
        sys.exit(f"{' '.join(command[1:4])} ... left with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    found: dict[str, float] = json.loads(lines[-1])
    return {**found, "memory": usage.ru_maxrss * unit / 1e6}


def own(task: Task) -> dict[str, float]:
    """Measure one task in a process of its own."""
    return run([sys.executable, str(Path(__file__).resolve()), "--task", json.dumps(task)])


class Report:
    """Prints what is measured as it comes, keeps it, and remembers what failed."""

    def __init__(self, threads: int, seeds: list[int]) -> None:
        """Begin with nothing."""
        self.threads, self.seeds = threads, seeds
        self.kept: list[dict[str, object]] = []
        self.failed: list[str] = []

    def plan(self, name: str, task: Task) -> dict[str, float]:
        """Measure a task, print its line, and hold it to the checks."""
        task = {"threads": self.threads, "seconds": 600.0, "by_product": True, **task}
        found = own(task)
        self.kept.append({"name": name, **task, **found})
        if "cost" not in found:
            self.failed.append(f"{name}: no plan")
            print(f"{name:34} no plan in {found['seconds']:.1f} s", flush=True)
            return found
        cost = found.get("passed", found["checked"])
        held = (("passed", "cost"), ("checked", "cost"), ("passed whole", "product cost"))
        for kind, told in held:
            if kind in found and abs(found[kind] - found[told]) > 1e-6 * found[told]:
                self.failed.append(f"{name}: cost {found[kind]:.2f}, not {found[told]:.2f}")
        if found.get("product cost", 0.0) > found["product bound"] / (1 - task["gap"]) * (1 + 1e-9):
            self.failed.append(f"{name}: the gap is not reached")
        gap, proved = ((cost - found[kind]) / cost for kind in ("bound", "proved"))
        found |= {"gap": gap, "proved gap": proved}
        if found["proved"] > cost * (1 + 1e-9):
            self.failed.append(f"{name}: a bound above the cost")
        print(
            f"{name:28} {cost:13,.2f} {found['bound']:13,.2f} {gap:8.4%}  whole "
            f"{found['product']:5.1f} s ({found['product cpu']:.1f} s of processor)  search "
            f"{found['seconds']:5.1f} s ({found['cpu']:.1f} s)  proved anew {proved:.4%} in "
            f"{found['proving']:.1f} s ({found['reached']:.0f} of {found['parts']:.0f} parts)  "
            f"{found['memory']:.0f} MB",
            flush=True,
        )
        return found

    def standard(self) -> None:
        """Measure the fixed instances to 1 % and to 0.1 %."""
        for gap in (0.01, 0.001):
            found = [
                self.plan(
                    f"standard seed {seed} to {gap:.1%}",
                    {"sizes": STANDARD, "seed": seed, "gap": gap},
                )
                for seed in self.seeds
            ]
            whole = [one["product"] for one in found]
            spent = [one["product cpu"] for one in found]
            proved = [one.get("proved gap", np.inf) for one in found]
            print(
                f"  to {gap:.1%}, whole: median {statistics.median(whole):.1f} s, longest "
                f"{max(whole):.1f} s; of processor {statistics.median(spent):.1f} s, longest "
                f"{max(spent):.1f} s; gap proved anew: median {statistics.median(proved):.4%}, "
                f"largest {max(proved):.4%}",
                flush=True,
            )

    def build(self) -> None:
        """Measure building alone."""
        for name, sizes, cases, wide in (
            ("standard", STANDARD, 0, False),
            ("wide", WIDE, 0, True),
            ("standard, 20 cases", STANDARD, 20, False),
        ):
            task: Task = {"sizes": sizes, "seed": 3, "cases": cases, "wide": wide}
            found = own({**task, "only_build": True})
            self.kept.append({"name": f"build {name}", **found})
            print(
                f"build {name:28} {found['build']:.3f} s {found['memory']:.0f} MB in all: "
                f"{found['columns']:,.0f} columns, {found['rows']:,.0f} rows, "
                f"{found['entries']:,.0f} entries, {found['whole']:,.0f} whole",
                flush=True,
            )

    def small(self) -> None:
        """Hold the optima of small instances against all peers."""
        made = find_instances()
        if made is None:
            return
        for seed in self.seeds[:5]:
            task: Task = {"sizes": SMALL, "seed": seed, "gap": 1e-7}
            found = {"ours": self.plan(f"small seed {seed}", task)["product cost"]}
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "instance.npz"
                np.savez_compressed(path, **made.make(seed, *SMALL))
                for peer in PEERS:
                    found[peer] = self.peer(peer, path, 60.0, 0.0)["cost"]
            spread = max(found.values()) - min(found.values())
            agree = spread <= 1e-6 * max(found.values())
            if not agree:
                self.failed.append(f"small seed {seed}: {found}")
            print(f"  {'all five agree' if agree else found}", flush=True)

    def peers(self, seconds: float) -> None:
        """Give the plain model of seed 3 to HiGHS, by hand and through the three libraries."""
        made = find_instances()
        if made is None:
            return
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "instance.npz"
            np.savez_compressed(path, **made.make(3, *STANDARD))
            for peer in PEERS:
                found = self.peer(peer, path, seconds, 0.01)
                self.kept.append({"name": f"peer {peer}", **found})
                cost, bound = found["cost"], found["bound"]
                gap = (cost - bound) / cost if np.isfinite(cost) and cost else np.inf
                print(
                    f"plain MILP by {peer:7} build {found['build']:6.2f} s, solve "
                    f"{found['solve']:6.1f} s: {cost:14,.2f} {bound:14,.2f} gap {gap:.3%} "
                    f"{found['memory']:5.0f} MB, {found['columns']:,.0f} columns",
                    flush=True,
                )

    def peer(self, peer: str, path: Path, seconds: float, gap: float) -> dict[str, float]:
        """Run a peer in a process of its own."""
        command = [sys.executable, "-W", "ignore", str(HERE / "plan_peers.py"), peer, str(path)]
        return run([*command, "--seconds", str(seconds), "--gap", str(gap)])


def main() -> None:
    """Measure the parts that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--seeds", nargs="+", type=int, default=list(range(1, 11)))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--peer-seconds", type=float, default=100.0)
    parser.add_argument("--quick", action="store_true", help="two seeds, and what is small")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--task", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.task:
        print("\n" + json.dumps(measure(json.loads(args.task))))
        return
    report = Report(args.threads, args.seeds[:2] if args.quick else args.seeds)
    parts = ("build", "standard", "small") if args.quick else args.parts
    for part in parts:
        if part in ("build", "standard", "small"):
            getattr(report, part)()
        elif part == "wide":
            report.plan("wide to 1 %", {"sizes": WIDE, "seed": 3, "gap": 0.01, "wide": True})
        elif part == "cases":
            report.plan(
                "standard, 20 cases, to 2 %",
                {"sizes": STANDARD, "seed": 3, "gap": 0.02, "cases": 20, "nodes": 30},
            )
        elif part == "tight":
            for money in (0.5, 0.3):
                task: Task = {"sizes": STANDARD, "seed": 3, "gap": 0.001, "money": money}
                report.plan(f"seed 3, {money:.0%} of budgets", task)
        elif part == "sweep":
            for sizes in SWEEP:
                report.plan(
                    f"{sizes} to 0.1 %", {"sizes": sizes, "seed": 3, "gap": 0.001, "nodes": 300}
                )
        else:
            report.peers(args.peer_seconds)
    if args.json:
        args.json.write_text(json.dumps(report.kept, indent=1))
    if report.failed:
        sys.exit("\n".join(report.failed))


if __name__ == "__main__":
    main()
