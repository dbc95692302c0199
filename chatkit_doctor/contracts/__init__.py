"""What every published release of ChatKit's packages accepts, and what people get wrong about it.

Rules ask here and hold no such facts themselves. The answers are loaded when they are first asked for.
"""

from chatkit_doctor.contracts.error_reference import ErrorRow, error_reference, error_rows
from chatkit_doctor.contracts.mistakes import Meant, Remedy, meant_module, meant_name
from chatkit_doctor.contracts.published import Availability, newest, releases, resolve_release
from chatkit_doctor.contracts.sdk.python import PythonContract, history, python_contract
from chatkit_doctor.contracts.sdk.signatures import signature_text

__all__ = [
    "Availability",
    "ErrorRow",
    "Meant",
    "PythonContract",
    "Remedy",
    "error_reference",
    "error_rows",
    "history",
    "meant_module",
    "meant_name",
    "newest",
    "python_contract",
    "releases",
    "resolve_release",
    "signature_text",
]
