"""chatkit-doctor: a linter and static doctor for projects built on OpenAI ChatKit.

`scan`, `Report` and `ScanError` are what other programs call; docs/api.md tells of them. They load when they are used.
"""

__version__ = "0.1.0"
__all__ = ["Report", "ScanError", "__version__", "scan"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from chatkit_doctor.api import Report, scan
    from chatkit_doctor.scanning.selection import ScanError
else:

    def __getattr__(name):
        """Return a name of the API. Raises AttributeError for another."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        import importlib

        return getattr(importlib.import_module("chatkit_doctor.api"), name)
