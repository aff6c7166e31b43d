"""A made-up runner with a known answer: what a first start shows."""

from __future__ import annotations

from connectors.demo.runner import NAME, DemoFrames, add_demo, demo_frames
from connectors.demo.training import PLANTED, Planted

__all__ = ["NAME", "PLANTED", "DemoFrames", "Planted", "add_demo", "demo_frames"]
