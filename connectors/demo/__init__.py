"""A made-up runner with a known answer: what a first start shows."""

from connectors.demo.plan import PLANTED, Planted
from connectors.demo.runner import NAME, DemoFrames, add_demo, demo_frames

__all__ = ["NAME", "PLANTED", "DemoFrames", "Planted", "add_demo", "demo_frames"]
