"""What each release of the Python packages accepts: modules, names, classes, models, calls."""
