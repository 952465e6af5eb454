"""Small disks of our own, that fill up: where root may mount, and nowhere else."""

from __future__ import annotations

import contextlib
import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

__all__ = ["as_nobody", "can_mount", "mounted", "remounted_read_only"]


@contextlib.contextmanager
def as_nobody(folder: Path) -> Iterator[None]:
    """Be somebody who may enter a folder and owns nothing: root may write everywhere."""
    if os.geteuid() != 0:
        yield
        return
    for parent in (folder, *folder.parents[:3]):
        mode = stat.S_IMODE(parent.stat().st_mode)
        if mode & 0o055 != 0o055:
            parent.chmod(mode | 0o055)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def can_mount(folder: Path) -> bool:
    """Tell whether a disk in memory can be mounted here."""
    if os.geteuid() != 0:
        return False
    try:
        with mounted(folder / "probe", 64):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


@contextlib.contextmanager
def mounted(folder: Path, kilobytes: int) -> Iterator[Path]:
    """Mount a disk of a size on a new folder."""
    folder.mkdir()
    how = ["-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    subprocess.run(["mount", *how], check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True, capture_output=True)


@contextlib.contextmanager
def remounted_read_only(folder: Path) -> Iterator[None]:
    """Let nothing be written to a mounted disk for a while, as after an error of it."""
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True, capture_output=True)
