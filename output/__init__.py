"""The record schema, writers and readers of dumps."""
