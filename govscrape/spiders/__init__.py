"""Spiders: one for all sites."""
