"""What a project says about its scans, in chatkit-doctor.toml or in pyproject.toml: read, checked, found by folder."""

from chatkit_doctor.scanning.settings.model import Settings, SettingsError
from chatkit_doctor.scanning.settings.tree import SettingsTree, open_settings

__all__ = ["Settings", "SettingsError", "SettingsTree", "open_settings"]
