"""Experiments over many points: which points (levers and uncertainties kept apart), and what they answer."""
