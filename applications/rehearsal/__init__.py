"""The demonstration county: invented people, and cases they handled through the real actions."""
