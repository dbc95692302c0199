"""What stood when a project took up the doctor, kept in a file, so that a scan shows only what is new since."""

from chatkit_doctor.scanning.baseline.matching import Match, match, stale_note
from chatkit_doctor.scanning.baseline.model import DEFAULT_NAME, Baseline, BaselineError, KnownFinding, baseline_of
from chatkit_doctor.scanning.baseline.reading import read_baseline
from chatkit_doctor.scanning.baseline.writing import as_text, write_baseline

__all__ = [
    "DEFAULT_NAME",
    "Baseline",
    "BaselineError",
    "KnownFinding",
    "Match",
    "as_text",
    "baseline_of",
    "match",
    "read_baseline",
    "stale_note",
    "write_baseline",
]
