"""Measurements: ratios against a peer in the same run, never asserted on."""

from __future__ import annotations
