"""What a process needs, and never gets: it says that it is being loaded, and is not done before it is killed."""

import sys
import threading

print("loading", file=sys.stderr, flush=True)
threading.Event().wait()
