"""Simulated sites, one module a content system: its lists, its manners, its article template."""
