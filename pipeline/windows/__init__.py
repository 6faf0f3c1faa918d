"""Registered intake windows: added once, run until they close, then sealed."""
