"""Front-end."""
def ensure(): return "ready"
