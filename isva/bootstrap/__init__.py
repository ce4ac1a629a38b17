"""Everything a bare machine needs before the service can open its doors; standard library only."""
