"""Routing decisions: waiting interactions and agents in, offers out. Pure; knows neither store nor clock."""
