"""Simulated sites on loopback, with pages of our own."""
