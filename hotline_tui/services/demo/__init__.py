"""The demonstration city: units, answers and about 300 orders in every state, made by the services themselves."""

from hotline_tui.services.demo.build import build

__all__ = ["build"]
