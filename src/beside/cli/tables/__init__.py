"""Whole tables, from one database into another: what a backup, a restore and a move have in common."""

from __future__ import annotations
