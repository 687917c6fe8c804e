"""The parts of scripts/torture-matrix."""
