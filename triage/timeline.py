"""What this part of the service puts on the timeline of a case."""
