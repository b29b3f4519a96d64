from supervision.selectors.watch import Heartbeat, Watch, heartbeat, read_watch

__all__ = ["Heartbeat", "Watch", "heartbeat", "read_watch"]
