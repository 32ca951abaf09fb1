"""Tests depend on neither time nor chance: hypothesis draws the same examples each time and sets no deadline."""

from hypothesis import HealthCheck, settings

settings.register_profile("still", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("still")
