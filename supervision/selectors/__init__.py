from supervision.selectors.watch import DatabaseClock, Heartbeat, Watch, heartbeat, read_watch

__all__ = ["DatabaseClock", "Heartbeat", "Watch", "heartbeat", "read_watch"]
