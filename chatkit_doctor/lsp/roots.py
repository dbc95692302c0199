"""Which folder a file is looked at in: the same whatever folders the editor has open, where a repository tells."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from chatkit_doctor.project.files.upward import folders_up, project_root


def root_of(path: Path, workspace: Iterable[Path]) -> Path:
    """Return the top of the repository that a file lies in; without one, the folder of the workspace around it.

    A file outside of both is looked at in the nearest folder above that looks like a project, as `scan FILE` does.
    """
    above = list(folders_up(str(path.parent)))
    repository = next((folder for folder in above if Path(folder, ".git").exists()), None)
    if repository is not None:
        return Path(repository)
    around = [folder for folder in workspace if str(folder) in above]
    return min(around, key=lambda folder: len(folder.parts)) if around else Path(project_root(str(path)))
